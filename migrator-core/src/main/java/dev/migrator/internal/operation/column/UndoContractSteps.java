package dev.migrator.internal.operation.column;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.operation.notnull.NotNullSql;
import dev.migrator.internal.operation.notnull.NotNullSteps;
import dev.migrator.internal.step.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * The steps that take a contract back. They are worked out in the moment of the contract, while the
 * catalog still has everything, and recorded with it.
 *
 * <p>First the columns are there again and kept in step, then the old side is computed for the rows
 * that changed since, then its indexes and constraints are made again, and at last both sides are
 * proved.
 */
public final class UndoContractSteps {

  /** How the names of these steps begin. */
  public static final String PREFIX = "undo-";

  private static final Phase PHASE = Phase.CONTRACT;

  private UndoContractSteps() {}

  public static List<Step> of(ResolvedColumnChange change) {
    if (change.byApplication()) {
      return ApplicationSteps.back(change);
    }
    ColumnChangeSql sql = new ColumnChangeSql(change);
    DependentObjectSql carry = new DependentObjectSql(change);
    List<Step> steps = new ArrayList<>();
    steps.add(
        new Step.Ddl(PREFIX + "restore-columns", PHASE, sql.lock(), sql.restore(), List.of()));
    steps.add(new Step.Backfill(PREFIX + "backfill", PHASE, sql.rangesAfterContract()));
    for (DependentObjectSql.Made made : carry.again()) {
      steps.addAll(DependentObjectSteps.making(PREFIX, PHASE, carry, made));
    }
    steps.addAll(notNull(change));
    steps.add(
        new Step.Verify(
            PREFIX + "verify",
            PHASE,
            sql.rangesAfterContract(),
            sql.triggerNamesAfterContract(),
            true));
    if (!change.isCopy()) {
      steps.add(new Step.Proof(PREFIX + "verify-at-once", PHASE, sql.rangesAfterContract(), true));
    }
    steps.add(new Step.Ddl(PREFIX + "finish", PHASE, sql.lock(), sql.dropCatchUp(), List.of()));
    return steps;
  }

  /** What the old columns were, as far as NULL goes. */
  static List<Step> notNull(ResolvedColumnChange change) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < change.oldSide().size(); i++) {
      ColumnFacts column = change.oldSide().get(i);
      if (column.notNull()) {
        steps.addAll(notNull(change, column, i));
      }
    }
    return steps;
  }

  private static List<Step> notNull(ResolvedColumnChange change, ColumnFacts column, int index) {
    // By way of a CHECK on every version: the server then names the NOT NULL as it always does.
    NotNullSql sql =
        new NotNullSql(
            change.table().quoted(),
            column.name(),
            change.names().constraint("old_not_null_" + index),
            false,
            false);
    return NotNullSteps.of(PHASE, sql).stream()
        .map(it -> renamed(it, PREFIX + it.name() + "-" + index))
        .toList();
  }

  private static Step renamed(Step step, String name) {
    if (step instanceof Step.Ddl ddl) {
      return new Step.Ddl(name, PHASE, ddl.locks(), ddl.statements(), ddl.undo());
    }
    return new Step.Validation(name, PHASE, step.statements(), step.undo());
  }
}
