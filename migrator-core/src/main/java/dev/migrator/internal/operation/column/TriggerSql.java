package dev.migrator.internal.operation.column;

import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.sql.ExpressionSettings;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.ObjectNames;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The triggers that keep both sides in step.
 *
 * <p>What the writer changed decides:
 *
 * <ul>
 *   <li>only the new side changed: the old side is computed;
 *   <li>only the old side changed: the new side is computed;
 *   <li>both changed in one statement: the writer's values stand;
 *   <li>neither changed: nothing happens, so that a value a client gave is never computed anew by
 *       an unrelated update. The one exception is a row whose new side is still empty: it is copied
 *       at once. Hence every version of a row that is written while the triggers are there agrees,
 *       and a row that still needs the backfill has not moved since they were made. The backfill
 *       relies on that.
 * </ul>
 *
 * <p>An insert gives a side if one of its columns differs from its default, or from NULL where
 * there is none. A default that is not a constant cannot be told from a given value; then the new
 * side decides if it is given, which for a copy is right even when both were. Two triggers ask that
 * in their WHEN.
 *
 * <p>On an update, one trigger calls one function, which compares old and new values itself: a WHEN
 * is prepared anew for each statement, which costs more than the call. A second trigger fills the
 * row that is not copied yet; its WHEN asks whether the new side is empty, and fetches no value.
 * Both do less while rows are neither copied nor compared, see {@link RestingTriggers}.
 *
 * <p><b>{@code UPDATE OF}.</b> The first of the two fires for statements only that name one of the
 * columns in their SET, so that all others pay nothing, as long as no other trigger can change the
 * row before it is written (see {@link dev.migrator.internal.catalog.ForeignTriggers}). Why no
 * write is missed: a stored row changes by an UPDATE of its table only, and only by
 *
 * <ol>
 *   <li>the columns in its SET. The server keeps them for every way in which an UPDATE can come
 *       about, because privileges are checked by them: ON CONFLICT DO UPDATE, MERGE, an updatable
 *       view, a rule, the actions of a foreign key (which are UPDATEs with SET), a parent by
 *       inheritance, and the apply worker of logical replication (where a trigger must be enabled
 *       ALWAYS to fire at all);
 *   <li>generated and identity columns, which neither side can be;
 *   <li>a BEFORE ROW trigger of others, which may change any column. That is what the catalog is
 *       asked for. AFTER triggers, statement triggers and INSTEAD OF triggers cannot change the
 *       row, but by an UPDATE of their own.
 * </ol>
 *
 * COPY and a row that goes to another partition are inserts, which {@code UPDATE OF} says nothing
 * of. {@code UpdateOfIT} tries each on a server. Where there is another trigger, or when one comes
 * later, the trigger fires on every update ({@link #onEveryUpdate}).
 *
 * <p>The names of the triggers are those of earlier versions, which look for them and drop them
 * while they share a database with this one.
 *
 * <p>An update that moves a row to another partition is a delete and an insert. The insert would
 * take both sides for given, or an empty one for not given, and compute what the update has left
 * alone. So the update of a partition's key notes how it leaves the row, and an insert of that very
 * row computes nothing. A copy needs no such note: its triggers do nothing where both sides agree.
 */
public final class TriggerSql {

  /** The trigger that is made in one of two forms. */
  public static final String UPDATE = "1_update_back";

  /** The one beside it that looks at the old side alone, see {@link #onNamedColumns}. */
  public static final String UPDATE_OLD = "1_update_old";

  /** The trigger that fills the rows which are not copied yet. */
  public static final String FILL = "2_update_forward";

  private static final String INSERT_BACK = "1_insert_back";

  private static final String INSERT_FORWARD = "2_insert_forward";

  /** A function that nobody calls, see {@link RestingTriggers}. */
  private static final String RESTING = "resting";

  /** The function that it calls. */
  static final String FUNCTION = "update";

  private final ResolvedColumnChange change;

  private final ObjectNames names;

  private final boolean contractUndone;

  private final TriggerConditions conditions;

  private final SyncFunctions functions;

  private TriggerSql(ResolvedColumnChange change, boolean contractUndone) {
    this.change = change;
    this.names = change.names();
    this.contractUndone = contractUndone;
    this.conditions = new TriggerConditions(change);
    this.functions = new SyncFunctions(change, contractUndone);
  }

  static TriggerSql of(ResolvedColumnChange change) {
    return new TriggerSql(change, false);
  }

  /**
   * The triggers for a contract that is undone. The new side is the truth then: an empty one is not
   * waiting to be filled, and a row whose old side has fallen behind is caught up by any update, so
   * that the undo meets every such row where it lay, just as the backfill does.
   */
  static TriggerSql afterContract(ResolvedColumnChange change) {
    return new TriggerSql(change, true);
  }

  List<String> create() {
    List<String> sql = new ArrayList<>();
    sql.add(
        function("forward", change.isCopy() ? functions.copyBody(true) : functions.forwardBody()));
    sql.add(
        function("back", change.isCopy() ? functions.copyBody(false) : functions.backwardBody()));
    sql.addAll(onInsert());
    sql.addAll(contractUndone ? onUpdateAfterContract() : onUpdate());
    if (functions.canMove()) {
      sql.add(function("moving", functions.movingBody()));
      sql.add(
          trigger(
              "4_update_moving", "UPDATE", TriggerConditions.changed(functions.keys()), "moving"));
    }
    if (contractUndone) {
      sql.add(
          function(
              "catch_up", change.isCopy() ? functions.copyBody(false) : functions.catchUpBody()));
      sql.add(trigger("3_update_catch_up", "UPDATE", conditions.updateCatchUp(), "catch_up"));
    }
    return sql;
  }

  /** The two whose conditions depend on the defaults of the columns. */
  List<String> onInsert() {
    return List.of(
        trigger(INSERT_BACK, "INSERT", conditions.insertBack(), "back"),
        trigger(INSERT_FORWARD, "INSERT", conditions.insertForward(), "forward"));
  }

  private List<String> onUpdate() {
    List<String> sql = new ArrayList<>();
    sql.add(updateFunction());
    sql.addAll(
        change.foreignTriggers()
            ? List.of(onEveryUpdate(names, change.table().quoted()))
            : onNamedColumns());
    sql.add(trigger(FILL, "UPDATE", conditions.fill(), "forward"));
    return sql;
  }

  /** What fills the rows of a copy: the function, and last the trigger. */
  List<String> fill() {
    return List.of(
        function("forward", functions.copyBody(true)),
        trigger(FILL, "UPDATE", conditions.fill(), "forward"));
  }

  /**
   * See {@link RestingTriggers}.
   *
   * @param split whether the old side has a trigger of its own, which an earlier version did not
   *     make
   */
  List<String> rest(boolean split) {
    return List.of(
        updateFunction(),
        split
            ? onUpdateOf(UPDATE, change.newSide(), "", oldSideTrigger())
            : onUpdateOf(UPDATE, bothSides(), "", ""),
        """
        CREATE OR REPLACE TRIGGER %s BEFORE TRUNCATE ON %s
        FOR EACH STATEMENT WHEN (false) EXECUTE FUNCTION %s()"""
            .formatted(
                Identifiers.quote(names.trigger(FILL)),
                change.table().quoted(),
                functionName("forward")),
        wake(),
        """
        CREATE FUNCTION %s() RETURNS void LANGUAGE sql
        BEGIN ATOMIC
          SELECT %s();
        END"""
            .formatted(functionName(RESTING), functionName("forward")));
  }

  /** What forbids to take the triggers away while they rest. */
  String wake() {
    return "DROP FUNCTION IF EXISTS %s()".formatted(functionName(RESTING));
  }

  private String updateFunction() {
    return function(
        FUNCTION, change.isCopy() ? functions.copyUpdateBody() : functions.updateBody());
  }

  /**
   * The form that fires for statements only that name a column of either side: a trigger for each,
   * which call the same function. Where a statement names both, the second call finds both changed,
   * or nothing to do. What the backfill has written needs no trigger, and rows by the million no
   * call; but it names the new side alone, so that an update of the old one need not prepare a
   * condition, which costs more than all else.
   *
   * <p>The argument says that there are two: either is worth nothing without the other.
   */
  private List<String> onNamedColumns() {
    return List.of(
        onUpdateOf(UPDATE_OLD, change.oldSide(), "", ""),
        onUpdateOf(UPDATE, change.newSide(), unlessCopying(), oldSideTrigger()));
  }

  /**
   * The form with one trigger for both sides. A contract that is undone ends with it: an earlier
   * version can have begun the change, whose recorded undo takes only that one away, or can lead
   * the next contract.
   */
  private String onColumnsOfBothSides() {
    return onUpdateOf(UPDATE, bothSides(), unlessCopying(), "");
  }

  private static String unlessCopying() {
    return "WHEN (" + TriggerConditions.byApplication() + ") ";
  }

  private String onUpdateOf(
      String suffix, List<ColumnFacts> columns, String when, String argument) {
    return """
        CREATE OR REPLACE TRIGGER %s BEFORE UPDATE OF %s ON %s
        FOR EACH ROW %sEXECUTE FUNCTION %s(%s)"""
        .formatted(
            Identifiers.quote(names.trigger(suffix)),
            columns.stream().map(ColumnFacts::quoted).collect(Collectors.joining(", ")),
            change.table().quoted(),
            when,
            functionName(FUNCTION),
            argument);
  }

  private String oldSideTrigger() {
    return Identifiers.literal(names.trigger(UPDATE_OLD));
  }

  /** The form of the trigger that misses nothing whatever other triggers do. */
  public static String onEveryUpdate(ObjectNames names, String table) {
    return """
        CREATE OR REPLACE TRIGGER %s BEFORE UPDATE ON %s
        FOR EACH ROW EXECUTE FUNCTION %s()"""
        .formatted(
            Identifiers.quote(names.trigger(UPDATE)),
            table,
            Identifiers.quote(ObjectNames.SCHEMA, names.function(FUNCTION)));
  }

  private List<ColumnFacts> bothSides() {
    return Stream.concat(change.oldSide().stream(), change.newSide().stream()).toList();
  }

  private List<String> onUpdateAfterContract() {
    return List.of(
        updateFunction(),
        onEveryUpdate(names, change.table().quoted()),
        trigger(FILL, "UPDATE", conditions.updateForward(), "forward"));
  }

  List<String> drop() {
    List<String> sql = new ArrayList<>();
    for (String trigger : triggerNames()) {
      sql.add(dropTrigger(trigger));
    }
    sql.add(dropTrigger(names.trigger(UPDATE_OLD)));
    List<String> called = new ArrayList<>(List.of("forward", "back", FUNCTION));
    if (functions.canMove()) {
      sql.add(dropTrigger(names.trigger("4_update_moving")));
      called.add("moving");
    }
    sql.add(
        called.stream()
            .map(it -> functionName(it) + "()")
            .collect(Collectors.joining(", ", "DROP FUNCTION IF EXISTS ", "")));
    return sql;
  }

  /** What is needed only until the old side has caught up. */
  List<String> dropCatchUp() {
    List<String> sql = new ArrayList<>();
    sql.add(dropTrigger(names.trigger("3_update_catch_up")));
    sql.add("DROP FUNCTION IF EXISTS %s()".formatted(functionName("catch_up")));
    if (!change.foreignTriggers()) {
      sql.add(onColumnsOfBothSides());
    }
    return sql;
  }

  List<String> triggerNames() {
    return List.of(
        names.trigger(INSERT_BACK),
        names.trigger(INSERT_FORWARD),
        names.trigger(UPDATE),
        names.trigger(FILL));
  }

  List<String> insertTriggerNames() {
    return List.of(names.trigger(INSERT_BACK), names.trigger(INSERT_FORWARD));
  }

  String catchUpTriggerName() {
    return names.trigger("3_update_catch_up");
  }

  private String dropTrigger(String trigger) {
    return "DROP TRIGGER IF EXISTS %s ON %s"
        .formatted(Identifiers.quote(trigger), change.table().quoted());
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
    // one for each row would cost more than the copy itself.
    String pin =
        change.isCopy()
            ? ""
            : "\nSET search_path = " + String.join(", ", path) + ExpressionSettings.ofFunction();
    return """
        CREATE OR REPLACE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql%s AS %s"""
        .formatted(functionName(suffix), pin, Identifiers.dollarQuoted(body));
  }

  private String trigger(String suffix, String event, String when, String function) {
    return """
        CREATE OR REPLACE TRIGGER %s BEFORE %s ON %s
        FOR EACH ROW WHEN (%s)
        EXECUTE FUNCTION %s()"""
        .formatted(
            Identifiers.quote(names.trigger(suffix)),
            event,
            change.table().quoted(),
            when,
            functionName(function));
  }
}
