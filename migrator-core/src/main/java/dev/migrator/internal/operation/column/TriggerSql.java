package dev.migrator.internal.operation.column;

import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.ObjectNames;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The triggers that keep both sides in step.
 *
 * <p>Four triggers call two functions. On insert and on update, first the one that carries the new
 * side back, then the one that carries the old side forward; each asks in its WHEN what the writer
 * changed:
 *
 * <ul>
 *   <li>only the new side changed: the old side is computed;
 *   <li>only the old side changed: the new side is computed;
 *   <li>both changed in one statement: the writer's values stand;
 *   <li>neither changed: nothing happens, so that a value a client gave is never computed anew by
 *       an unrelated update. The one exception is a row whose new side is still empty: it is
 *       brought over at once. Hence every version of a row that is written while the triggers are
 *       there agrees, and a row that still needs the backfill has not moved since they were made.
 *       The backfill relies on that.
 * </ul>
 *
 * <p>An insert gives a side if one of its columns differs from its default, or from NULL where
 * there is none. A default that is not a constant cannot be told from a given value; then the new
 * side decides if it is given, which for a copy is right even when both were.
 *
 * <p>An update that moves a row to another partition is a delete and an insert. The insert would
 * take both sides for given, or an empty one for not given, and compute what the update has left
 * alone. So the update of a partition's key notes how it leaves the row, and an insert of that very
 * row computes nothing. A copy needs no such note: its triggers do nothing where both sides agree.
 */
public final class TriggerSql {

  /** Set by the backfill for its transactions, where a transform would otherwise run backwards. */
  public static final String BACKFILL_MARK = "migrator.backfill";

  /** How the last update of a partition's key in this transaction left its row. */
  private static final String MOVING = "migrator.moving";

  private final ResolvedColumnChange change;

  private final ObjectNames names;

  private final boolean contractTakenBack;

  private TriggerSql(ResolvedColumnChange change, boolean contractTakenBack) {
    this.change = change;
    this.names = change.names();
    this.contractTakenBack = contractTakenBack;
  }

  static TriggerSql of(ResolvedColumnChange change) {
    return new TriggerSql(change, false);
  }

  /**
   * The triggers for a contract that is taken back. The new side is the truth then: an empty one is
   * not waiting to be filled, and a row whose old side has fallen behind is caught up by any
   * update, so that the way back meets every such row where it lay, just as the backfill does on
   * the way forth.
   */
  static TriggerSql afterContract(ResolvedColumnChange change) {
    return new TriggerSql(change, true);
  }

  List<String> create() {
    List<String> sql = new ArrayList<>();
    sql.add(function("forward", change.isCopy() ? copyBody(true) : forwardBody()));
    sql.add(function("back", change.isCopy() ? copyBody(false) : backwardBody()));
    sql.add(trigger("1_insert_back", "INSERT", insertBack(), "back"));
    sql.add(trigger("2_insert_forward", "INSERT", insertForward(), "forward"));
    sql.add(trigger("1_update_back", "UPDATE", updateBack(), "back"));
    sql.add(trigger("2_update_forward", "UPDATE", updateForward(), "forward"));
    if (canMove()) {
      sql.add(function("moving", movingBody()));
      sql.add(trigger("4_update_moving", "UPDATE", changed(keys()), "moving"));
    }
    if (contractTakenBack) {
      sql.add(function("catch_up", change.isCopy() ? copyBody(false) : catchUpBody()));
      sql.add(trigger("3_update_catch_up", "UPDATE", updateCatchUp(), "catch_up"));
    }
    return sql;
  }

  List<String> drop() {
    List<String> sql = new ArrayList<>();
    for (String trigger : triggerNames()) {
      sql.add(dropTrigger(trigger));
    }
    sql.add("DROP FUNCTION IF EXISTS %s()".formatted(functionName("forward")));
    sql.add("DROP FUNCTION IF EXISTS %s()".formatted(functionName("back")));
    if (canMove()) {
      sql.add(dropTrigger(names.trigger("4_update_moving")));
      sql.add("DROP FUNCTION IF EXISTS %s()".formatted(functionName("moving")));
    }
    return sql;
  }

  /** What is needed only until the old side has caught up. */
  List<String> dropCatchUp() {
    return List.of(
        dropTrigger(names.trigger("3_update_catch_up")),
        "DROP FUNCTION IF EXISTS %s()".formatted(functionName("catch_up")));
  }

  List<String> triggerNames() {
    return List.of(
        names.trigger("1_insert_back"),
        names.trigger("2_insert_forward"),
        names.trigger("1_update_back"),
        names.trigger("2_update_forward"));
  }

  String catchUpTriggerName() {
    return names.trigger("3_update_catch_up");
  }

  private String dropTrigger(String trigger) {
    return "DROP TRIGGER IF EXISTS %s ON %s"
        .formatted(Identifiers.quote(trigger), change.table().quoted());
  }

  private String insertBack() {
    return newSideDecides() + " AND NOT " + given(change.oldSide());
  }

  private String insertForward() {
    return "NOT ("
        + newSideDecides()
        + " AND NOT "
        + given(change.oldSide())
        + ") AND NOT "
        + given(change.newSide())
        + copyNeedsWork();
  }

  /**
   * A row that gives neither side, and lacks an old column that must be given, can only come from a
   * writer of the new side to whom NULL is a value.
   */
  private String newSideDecides() {
    String lacking =
        change.oldSide().stream()
            .filter(it -> it.notNull() && it.defaultExpression() == null)
            .map(it -> " OR " + ofNew(it) + " IS NULL")
            .collect(Collectors.joining());
    return change.isCopy() || lacking.isEmpty()
        ? given(change.newSide())
        : "(" + given(change.newSide()) + lacking + ")";
  }

  private String updateBack() {
    return changed(change.newSide()) + " AND NOT " + changed(change.oldSide()) + notTheBackfill();
  }

  private String updateForward() {
    String first = change.isCopy() ? copyDiffers() + " AND " : "";
    if (contractTakenBack) {
      return first
          + changed(change.oldSide())
          + " AND NOT "
          + changed(change.newSide())
          + notTheBackfill();
    }
    return "%sNOT %s AND (%s OR %s)"
        .formatted(
            first,
            changed(change.newSide()),
            changed(change.oldSide()),
            Comparison.allNull(change.newSide(), TriggerSql::ofNew));
  }

  private String updateCatchUp() {
    return "NOT "
        + changed(change.newSide())
        + " AND NOT "
        + changed(change.oldSide())
        + notTheBackfill();
  }

  /**
   * What the backfill has written needs no trigger, and would be computed in the wrong direction.
   */
  private String notTheBackfill() {
    return change.isCopy()
        ? copyNeedsWork()
        : " AND current_setting(%s, true) IS DISTINCT FROM 'on'"
            .formatted(Identifiers.literal(BACKFILL_MARK));
  }

  /**
   * For a copy, both sides alike means that there is nothing to do: one comparison decides most.
   */
  private String copyNeedsWork() {
    return change.isCopy() ? " AND " + copyDiffers() : "";
  }

  private String copyDiffers() {
    ColumnFacts target = change.newSide().get(0);
    return "(" + Comparison.differs(target, ofNew(target), ofNew(change.oldSide().get(0))) + ")";
  }

  private String given(List<ColumnFacts> side) {
    String given =
        side.stream()
            .filter(it -> it.defaultExpression() == null || it.constantDefault())
            .map(
                it ->
                    Comparison.differs(
                        it,
                        ofNew(it),
                        it.defaultExpression() == null
                            ? "NULL::" + it.type()
                            : it.defaultExpression()))
            .collect(Collectors.joining(" OR "));
    return given.isEmpty() ? "false" : "(" + given + ")";
  }

  private static String changed(List<ColumnFacts> side) {
    return Comparison.anyDiffers(side, TriggerSql::ofNew, TriggerSql::ofOld);
  }

  private String copyBody(boolean forward) {
    ColumnFacts from = (forward ? change.oldSide() : change.newSide()).get(0);
    ColumnFacts to = (forward ? change.newSide() : change.oldSide()).get(0);
    return """
        BEGIN
          %s := %s;
          RETURN NEW;
        END"""
        .formatted(ofNew(to), ofNew(from));
  }

  /**
   * A transform that fails must not fail the write of a release that knows nothing of it: the new
   * side stays empty, and the verification finds the row.
   */
  private String forwardBody() {
    return """
        #variable_conflict use_column
        DECLARE
          migrator_emptied boolean := false;
        BEGIN
        %s  IF TG_OP = 'UPDATE' THEN
            IF NOT %s AND NOT %s THEN
              BEGIN
                migrator_emptied := (SELECT %s FROM (SELECT %s) AS %s);
              EXCEPTION WHEN OTHERS THEN
                migrator_emptied := false;
              END;
              IF migrator_emptied THEN
                RETURN NEW; -- a writer of the new side emptied it, and the old side says the same
              END IF;
            END IF;
          END IF;
          BEGIN
            SELECT %s INTO %s FROM (SELECT %s) AS %s;
          EXCEPTION WHEN OTHERS THEN
            %s
          END;
          RETURN NEW;
        END"""
        .formatted(
            unlessMoving(),
            changed(change.oldSide()),
            Comparison.allNull(change.oldSide(), TriggerSql::ofNew),
            "NOT "
                + Comparison.anyDiffers(
                    change.oldSide(), TriggerSql::ofNew, it -> Comparison.computed(change, it)),
            row(change.newSide()),
            alias(),
            expressions(change.newSide()),
            targets(change.newSide()),
            row(change.oldSide()),
            alias(),
            change.newSide().stream()
                .map(it -> ofNew(it) + " := NULL;")
                .collect(Collectors.joining(" ")));
  }

  private String backwardBody() {
    return """
        #variable_conflict use_column
        BEGIN
        %s%s  SELECT %s INTO %s FROM (SELECT %s) AS %s;
          RETURN NEW;
        END"""
        .formatted(
            unlessMoving(),
            (change.newSide().size() > 1 && !contractTakenBack) ? completeNewSide() : "",
            expressions(change.oldSide()),
            targets(change.oldSide()),
            row(change.newSide()),
            alias());
  }

  private boolean canMove() {
    return change.table().partitioned() && !change.isCopy();
  }

  private List<ColumnFacts> keys() {
    return change.table().columns().stream()
        .filter(it -> change.table().partitionKeys().contains(it.name()))
        .toList();
  }

  private String movingBody() {
    return """
        BEGIN
          PERFORM pg_catalog.set_config(%s, %s, true);
          RETURN NEW;
        END"""
        .formatted(Identifiers.literal(MOVING), movingRow());
  }

  private String unlessMoving() {
    return canMove()
        ? """
            IF TG_OP = 'INSERT' THEN
              IF pg_catalog.current_setting(%s, true) = %s THEN
                RETURN NEW;
              END IF;
            END IF;
          """
            .formatted(Identifiers.literal(MOVING), movingRow())
        : "";
  }

  /** A digest, so that no data shows in a setting. */
  private String movingRow() {
    List<ColumnFacts> columns = new ArrayList<>(change.oldSide());
    columns.addAll(change.newSide());
    columns.addAll(keys());
    return "pg_catalog.hashtextextended(ROW(%s)::text, 0)::text"
        .formatted(columns.stream().map(TriggerSql::ofNew).collect(Collectors.joining(", ")));
  }

  private String catchUpBody() {
    List<ColumnFacts> all = new ArrayList<>(change.oldSide());
    all.addAll(change.newSide());
    return """
        #variable_conflict use_column
        BEGIN
          BEGIN
            IF (SELECT %s FROM (SELECT %s) AS %s) THEN
              SELECT %s INTO %s FROM (SELECT %s) AS %s;
            END IF;
          EXCEPTION WHEN OTHERS THEN
            NULL; -- the writer knows nothing of the old side; the way back lists the row, or counts it
          END;
          RETURN NEW;
        END"""
        .formatted(
            Comparison.disagreesAfterContract(change),
            row(all),
            alias(),
            expressions(change.oldSide()),
            targets(change.oldSide()),
            row(change.newSide()),
            alias());
  }

  /**
   * A write to some of the new columns of a row that is not brought over yet: the others are
   * brought over first, or the way back would lose them.
   */
  private String completeNewSide() {
    String values =
        change.newSide().stream()
            .map(it -> "coalesce(%s, %s)".formatted(ofNew(it), Comparison.computed(change, it)))
            .collect(Collectors.joining(", "));
    return """
          IF TG_OP = 'UPDATE' THEN
            IF %s THEN
              SELECT %s INTO %s FROM (SELECT %s) AS %s;
            END IF;
          END IF;
        """
        .formatted(
            Comparison.allNull(change.newSide(), TriggerSql::ofOld),
            values,
            targets(change.newSide()),
            row(change.oldSide()),
            alias());
  }

  private String expressions(List<ColumnFacts> side) {
    return side.stream()
        .map(it -> "(" + change.expression(it) + ")")
        .collect(Collectors.joining(", "));
  }

  private static String targets(List<ColumnFacts> side) {
    return side.stream().map(TriggerSql::ofNew).collect(Collectors.joining(", "));
  }

  private static String row(List<ColumnFacts> side) {
    return side.stream()
        .map(it -> ofNew(it) + " AS " + it.quoted())
        .collect(Collectors.joining(", "));
  }

  private String alias() {
    return Identifiers.quote(change.table().name());
  }

  private String functionName(String suffix) {
    return Identifiers.quote(ObjectNames.SCHEMA, names.function(suffix));
  }

  /** The path is pinned, or a client's own would decide which functions a transform means. */
  private String function(String suffix, String body) {
    List<String> path = new ArrayList<>();
    path.add("pg_catalog");
    change.searchPath().stream()
        .filter(it -> !it.equals("pg_catalog") && !it.startsWith("pg_temp"))
        .map(Identifiers::quote)
        .forEach(path::add);
    path.add("pg_temp");
    // A copy names no function and no operator, so there is nothing a path could change; setting
    // one
    // for each row would cost more than the copy itself.
    String pin = change.isCopy() ? "" : "\nSET search_path = " + String.join(", ", path);
    return """
        CREATE OR REPLACE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql%s AS $migrator$
        %s
        $migrator$"""
        .formatted(functionName(suffix), pin, body);
  }

  private String trigger(String suffix, String event, String when, String function) {
    return """
        CREATE TRIGGER %s BEFORE %s ON %s
        FOR EACH ROW WHEN (%s)
        EXECUTE FUNCTION %s()"""
        .formatted(
            Identifiers.quote(names.trigger(suffix)),
            event,
            change.table().quoted(),
            when,
            functionName(function));
  }

  private static String ofNew(ColumnFacts column) {
    return "NEW." + column.quoted();
  }

  private static String ofOld(ColumnFacts column) {
    return "OLD." + column.quoted();
  }
}
