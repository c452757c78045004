package dev.migrator.internal.operation.column;

import dev.migrator.Phase;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.internal.step.PhaseSteps;
import dev.migrator.internal.step.StepInfo;
import dev.migrator.internal.step.TransactionStep;
import java.util.List;

/** How both sides of a change of columns are kept in step, and what follows from it. */
sealed interface SyncStrategy permits TriggerSync, ApplicationSync {

  static SyncStrategy of(ResolvedColumnChange change) {
    return change.byApplication() ? new ApplicationSync(change) : new TriggerSync(change);
  }

  /** The steps of a phase behind EXPAND. */
  PhaseSteps steps(Phase phase);

  /** One transaction that nothing of its own undoes. */
  static TransactionStep transaction(
      StepInfo info, List<TableLock> locks, List<String> statements) {
    return new TransactionStep(info, locks, statements);
  }
}
