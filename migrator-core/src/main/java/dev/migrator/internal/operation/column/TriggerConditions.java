package dev.migrator.internal.operation.column;

import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.ObjectNames;
import java.util.List;
import java.util.stream.Collectors;

/**
 * When the triggers of a change of columns fire.
 *
 * <p>Every statement on the table copies the conditions of all of its triggers, also of those on
 * INSERT, whatever it does. So they are as short as can be.
 */
final class TriggerConditions {

  private final ResolvedColumnChange change;

  TriggerConditions(ResolvedColumnChange change) {
    this.change = change;
  }

  /** Short where it may be: what is NULL on both sides may be copied as well. */
  String insertBack() {
    if (change.isCopy()
        && isNullByDefault(change.oldSide().get(0))
        && isNullByDefault(change.newSide().get(0))) {
      return ofNew(change.oldSide().get(0)) + " IS NULL";
    }
    return newSideDecides() + " AND NOT " + given(change.oldSide());
  }

  String insertForward() {
    ColumnFacts target = change.newSide().get(0);
    if (change.isCopy()) {
      return isNullByDefault(target)
          ? ofNew(target) + " IS NULL"
          : "NOT " + given(change.newSide()) + copyNeedsWork();
    }
    return "NOT ("
        + newSideDecides()
        + " AND NOT "
        + given(change.oldSide())
        + ") AND NOT "
        + given(change.newSide());
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

  /** After a contract that was undone, where no row waits to be filled. */
  String updateForward() {
    return (change.isCopy() ? copyDiffers() + " AND " : "")
        + changed(change.oldSide())
        + " AND NOT "
        + changed(change.newSide())
        + notTheBackfill();
  }

  /**
   * A row that may not be copied yet. Each statement on the table prepares this condition, whatever
   * it updates, so it is as short as can be, and the function asks for the rest ({@link
   * #isCopied}). No value has to be fetched for either.
   */
  String fill() {
    return Comparison.allNull(change.newSide(), TriggerConditions::ofNew);
  }

  /** Inside the function that fills a row on its update: there is nothing to fill. */
  String isCopied() {
    String given = "NOT " + Comparison.allNull(change.newSide(), TriggerConditions::ofOld);
    return change.isCopy() ? given : given + " OR NOT (" + byApplication() + ")";
  }

  /** Not written by the backfill. */
  static String byApplication() {
    return "pg_catalog.current_setting(%s, true) IS DISTINCT FROM 'on'"
        .formatted(Identifiers.literal(ObjectNames.BACKFILL_MARK));
  }

  String updateCatchUp() {
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
    return change.isCopy() ? copyNeedsWork() : " AND " + byApplication();
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
            .map(TriggerConditions::differsFromDefault)
            .collect(Collectors.joining(" OR "));
    return given.isEmpty() ? "false" : "(" + given + ")";
  }

  private static String differsFromDefault(ColumnFacts column) {
    if (isNullByDefault(column)) {
      return ofNew(column) + " IS NOT NULL";
    }
    String value = column.defaultExpression();
    return Comparison.differs(
        column, ofNew(column), (value == null) ? "NULL::" + column.type() : value);
  }

  /** Of a composite value {@code IS NULL} says something else. */
  private static boolean isNullByDefault(ColumnFacts column) {
    return column.defaultExpression() == null && column.exactEquality();
  }

  /** The same inside a function. */
  static String changedInside(List<ColumnFacts> side) {
    return Comparison.differsAnywhere(side, TriggerConditions::ofNew, TriggerConditions::ofOld);
  }

  static String changed(List<ColumnFacts> side) {
    return Comparison.anyDiffers(side, TriggerConditions::ofNew, TriggerConditions::ofOld);
  }

  static String ofNew(ColumnFacts column) {
    return "NEW." + column.quoted();
  }

  static String ofOld(ColumnFacts column) {
    return "OLD." + column.quoted();
  }
}
