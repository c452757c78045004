package dev.migrator.internal.operation.column;

import dev.migrator.Phase;
import dev.migrator.internal.step.Gate;
import dev.migrator.internal.step.PhaseSteps;
import dev.migrator.internal.step.Step;
import dev.migrator.internal.step.StepInfo;
import dev.migrator.internal.step.TransactionStep;

/** The steps of a change of columns. */
final class ColumnChangeSteps {

  private ColumnChangeSteps() {}

  static PhaseSteps of(Phase phase, ResolvedColumnChange change) {
    if (phase == Phase.EXPAND) {
      ColumnChangeSql sql = new ColumnChangeSql(change);
      return PhaseSteps.of(
          TransactionStep.of(
              StepInfo.of("add-columns", phase).reshaping(),
              sql.lock(),
              sql.addColumns(),
              sql.lock(),
              sql.undoAddColumns()));
    }
    return change.oldSide().isEmpty() ? PhaseSteps.NONE : SyncStrategy.of(change).steps(phase);
  }

  /** The step that waits for the retention time. */
  static Step dropRetired(ColumnChangeSql sql) {
    return new TransactionStep(
        StepInfo.of("drop-retired-columns", Phase.CONTRACT).gate(Gate.RETENTION).reshaping(),
        sql.lock(),
        sql.dropRetired());
  }
}
