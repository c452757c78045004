package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.internal.backfill.ProgressStore;
import dev.migrator.internal.engine.step.StepRun;
import dev.migrator.internal.engine.step.StepRunner;
import dev.migrator.internal.operation.ResolvedMigration;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.step.Step;
import dev.migrator.internal.step.StepInfo;
import dev.migrator.internal.step.VerificationStep;

/**
 * Compares both sides of all rows once more, where rows may have been written while they were not
 * kept in step. Rows are copied again as long as nobody may have written the new side; later either
 * side can be the one that was written last, and a difference is reported.
 */
final class VerificationAgain {

  private final Database database;

  private final Declarations declarations;

  private final RetryingResolver resolver;

  private final StepRunner runner;

  private final TriggerRest rest;

  VerificationAgain(
      Database database,
      Declarations declarations,
      RetryingResolver resolver,
      StepRunner runner,
      TriggerRest rest) {
    this.database = database;
    this.declarations = declarations;
    this.resolver = resolver;
    this.runner = runner;
    this.rest = rest;
  }

  /** To be done in the transaction that mends what keeps both sides in step. */
  Runnable copyAgain(Recorded recorded) {
    return canCopy(recorded) ? () -> new ProgressStore(database).restart(recorded.id()) : () -> {};
  }

  /**
   * Verifies, unless BACKFILL is still to do so.
   *
   * @param step the name of the step
   * @param position where it stands in the journal
   * @return whether it was done; not if told to end or to yield
   */
  boolean run(Recorded recorded, String step, int position) {
    if (recorded.phase() == Phase.DUAL_WRITE) {
      return true;
    }
    ResolvedMigration resolved =
        resolver.resolve(declarations.get(recorded.id()), Phase.BACKFILL, false).orElse(null);
    return resolved != null && run(recorded, resolved, step, position);
  }

  /** The same for one that has been compared with the database already. */
  boolean run(Recorded recorded, ResolvedMigration resolved, String step, int position) {
    if (recorded.phase() == Phase.DUAL_WRITE) {
      return true;
    }
    if (!rest.wake(recorded, Phase.DUAL_WRITE)) {
      return false;
    }
    for (Step each : resolved.steps(Phase.BACKFILL).steps()) {
      if (each instanceof VerificationStep whole) {
        StepInfo info = StepInfo.of(step, Phase.BACKFILL).repeating();
        VerificationStep again =
            new VerificationStep(info, whole.ranges(), whole.triggers(), canCopy(recorded));
        if (!runner.run(StepRun.of(recorded.id(), () -> {}), again, position)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean canCopy(Recorded recorded) {
    return recorded.phase() != Phase.SWITCH_READ;
  }
}
