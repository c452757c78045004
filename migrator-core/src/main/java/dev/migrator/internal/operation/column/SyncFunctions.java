package dev.migrator.internal.operation.column;

import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.sql.Identifiers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What the triggers of a change of columns do, in PL/pgSQL. */
final class SyncFunctions {

  /** How the last update of a partition's key in this transaction left its row. */
  private static final String MOVING = "migrator.moving";

  private final ResolvedColumnChange change;

  private final boolean contractUndone;

  private final TriggerConditions conditions;

  SyncFunctions(ResolvedColumnChange change, boolean contractUndone) {
    this.change = change;
    this.contractUndone = contractUndone;
    this.conditions = new TriggerConditions(change);
  }

  boolean canMove() {
    return change.table().partitioned() && !change.isCopy();
  }

  List<ColumnFacts> keys() {
    return change.table().columns().stream()
        .filter(it -> change.table().partitionKeys().contains(it.name()))
        .toList();
  }

  String copyBody(boolean forward) {
    ColumnFacts from = (forward ? change.oldSide() : change.newSide()).get(0);
    ColumnFacts to = (forward ? change.newSide() : change.oldSide()).get(0);
    return """
        BEGIN
        %s  %s := %s;
          RETURN NEW;
        END"""
        .formatted(
            forward ? unlessCopied() : "",
            TriggerConditions.ofNew(to),
            TriggerConditions.ofNew(from));
  }

  /** An insert, where there is no old row, does not come this far. */
  private String unlessCopied() {
    return contractUndone
        ? ""
        : """
            IF TG_OP = 'UPDATE' THEN
              IF %s THEN
                RETURN NEW;
              END IF;
            END IF;
          """
            .formatted(conditions.isCopied());
  }

  /**
   * What an update of one side or of both does, for a copy. An expression is prepared in each
   * transaction, as dear as it is long, so the short ones come first: none is true where a value is
   * NULL, and what they leave is asked at length.
   */
  String copyUpdateBody() {
    String oldSide = TriggerConditions.changedInside(change.oldSide());
    String newSide = TriggerConditions.changedInside(change.newSide());
    return """
        BEGIN
          %5$s %1$s AND NOT %2$s THEN
            %4$s := %3$s;
          ELSIF %2$s AND NOT %1$s THEN
            %3$s := %4$s;
          END IF;
          RETURN NEW;
        END"""
        .formatted(
            oldSide,
            newSide,
            targets(change.oldSide()),
            targets(change.newSide()),
            mayHaveShortForm() ? withoutNull() : "IF");
  }

  private boolean mayHaveShortForm() {
    return Comparison.hasOperator(change.oldSide().get(0))
        && Comparison.hasOperator(change.newSide().get(0));
  }

  private String withoutNull() {
    ColumnFacts old = change.oldSide().get(0);
    ColumnFacts target = change.newSide().get(0);
    return """
        IF %1$s AND %2$s THEN
            %6$s := %5$s;
          ELSIF %3$s AND %4$s THEN
            %5$s := %6$s;
          ELSIF %4$s AND %2$s THEN
            RETURN NEW;
          ELSIF"""
        .formatted(
            compared(old, "<>"),
            compared(target, "="),
            compared(target, "<>"),
            compared(old, "="),
            TriggerConditions.ofNew(old),
            TriggerConditions.ofNew(target));
  }

  private static String compared(ColumnFacts column, String operator) {
    return Comparison.compared(
        column, TriggerConditions.ofNew(column), operator, TriggerConditions.ofOld(column));
  }

  /**
   * The same with transforms, which a failing one must not make fail (see {@link #forwardBody}).
   */
  String updateBody() {
    return """
        #variable_conflict use_column
        BEGIN
          IF NOT (%s) THEN
            RETURN NEW;
          END IF;
          IF %s THEN
            IF NOT (%s) THEN
        %s
            END IF;
          ELSIF %s THEN
          %s  %s
          END IF;
          RETURN NEW;
        END"""
        .formatted(
            TriggerConditions.byApplication(),
            TriggerConditions.changedInside(change.oldSide()),
            TriggerConditions.changedInside(change.newSide()),
            computeNewSide(),
            TriggerConditions.changedInside(change.newSide()),
            (change.newSide().size() > 1 && !contractUndone) ? completeNewSide() : "",
            compute(change.oldSide(), change.newSide()));
  }

  private String compute(List<ColumnFacts> side, List<ColumnFacts> from) {
    return "SELECT %s INTO %s FROM (SELECT %s) AS %s;"
        .formatted(expressions(side), targets(side), row(from), alias());
  }

  /** Not indented where it stands: the expressions may contain literals of several lines. */
  private String computeNewSide() {
    return """
        BEGIN
          %s
        EXCEPTION
          WHEN data_exception OR integrity_constraint_violation OR raise_exception THEN
            %s
          WHEN OTHERS THEN
            NULL; -- not about the value: what is there stays, and the verification finds the row
        END;"""
        .formatted(
            compute(change.newSide(), change.oldSide()),
            change.newSide().stream()
                .map(it -> TriggerConditions.ofNew(it) + " := NULL;")
                .collect(Collectors.joining(" ")));
  }

  /**
   * A transform that fails must not fail the write of a release that knows nothing of it: the new
   * side becomes empty if the value is the cause, and the verification finds the row.
   */
  String forwardBody() {
    return """
        #variable_conflict use_column
        DECLARE
          migrator_emptied boolean := false;
        BEGIN
        %s%s  IF TG_OP = 'UPDATE' THEN
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
        %s
          RETURN NEW;
        END"""
        .formatted(
            unlessMoving(),
            unlessCopied(),
            TriggerConditions.changed(change.oldSide()),
            Comparison.allNull(change.oldSide(), TriggerConditions::ofNew),
            "NOT "
                + Comparison.anyDiffers(
                    change.oldSide(),
                    TriggerConditions::ofNew,
                    it -> Comparison.computed(change, it)),
            row(change.newSide()),
            alias(),
            computeNewSide());
  }

  String backwardBody() {
    return """
        #variable_conflict use_column
        BEGIN
        %s%s  %s
          RETURN NEW;
        END"""
        .formatted(
            unlessMoving(),
            (change.newSide().size() > 1 && !contractUndone) ? completeNewSide() : "",
            compute(change.oldSide(), change.newSide()));
  }

  String movingBody() {
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
        .formatted(
            columns.stream().map(TriggerConditions::ofNew).collect(Collectors.joining(", ")));
  }

  String catchUpBody() {
    List<ColumnFacts> all = new ArrayList<>(change.oldSide());
    all.addAll(change.newSide());
    return """
        #variable_conflict use_column
        BEGIN
          BEGIN
            IF (SELECT %s FROM (SELECT %s) AS %s) THEN
              %s
            END IF;
          EXCEPTION WHEN OTHERS THEN
            NULL; -- the writer knows nothing of the old side; the undo lists the row, or counts it
          END;
          RETURN NEW;
        END"""
        .formatted(
            Comparison.disagreesAfterContract(change),
            row(all),
            alias(),
            compute(change.oldSide(), change.newSide()));
  }

  /**
   * A write to some of the new columns of a row that is not copied yet: the others are copied
   * first, or the backward transform would lose them.
   */
  private String completeNewSide() {
    String values =
        change.newSide().stream()
            .map(
                it ->
                    "coalesce(%s, %s)"
                        .formatted(TriggerConditions.ofNew(it), Comparison.computed(change, it)))
            .collect(Collectors.joining(", "));
    return """
          IF TG_OP = 'UPDATE' THEN
            IF %s THEN
              SELECT %s INTO %s FROM (SELECT %s) AS %s;
            END IF;
          END IF;
        """
        .formatted(
            Comparison.allNull(change.newSide(), TriggerConditions::ofOld),
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
    return side.stream().map(TriggerConditions::ofNew).collect(Collectors.joining(", "));
  }

  private static String row(List<ColumnFacts> side) {
    return side.stream()
        .map(it -> TriggerConditions.ofNew(it) + " AS " + it.quoted())
        .collect(Collectors.joining(", "));
  }

  private String alias() {
    return Identifiers.quote(change.table().name());
  }
}
