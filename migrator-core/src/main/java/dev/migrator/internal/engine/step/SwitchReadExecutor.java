package dev.migrator.internal.engine.step;

import dev.migrator.error.ErrorCode;
import dev.migrator.internal.backfill.Progress;
import dev.migrator.internal.step.SwitchReadStep;
import dev.migrator.internal.step.VerificationStep;

/**
 * Lets reads switch. What was verified stays true as long as the triggers are there, so that is
 * what is asked for now. Rows of partitions that were attached since are copied and verified first.
 */
final class SwitchReadExecutor implements StepExecutor<SwitchReadStep> {

  private final ExecutionContext context;

  private final RowCopying copying;

  private final VerificationExecutor verification;

  private final StandbyWait standbys;

  SwitchReadExecutor(
      ExecutionContext context,
      RowCopying copying,
      VerificationExecutor verification,
      StandbyWait standbys) {
    this.standbys = standbys;
    this.context = context;
    this.copying = copying;
    this.verification = verification;
  }

  @Override
  public boolean run(StepRun run, SwitchReadStep step) {
    // What has come with a partition is noted by migration, not by step.
    boolean whole =
        context
            .database()
            .inTransaction(
                () -> {
                  context.lease().check();
                  Progress progress = context.progress().read(run.id()).orElse(null);
                  // A leader before this one may have been at what has come since.
                  boolean underWay = progress != null && progress.work() != null;
                  if (!underWay
                      && (progress == null
                          || progress.verifiedAt() == null
                          || progress.rowsDiffering() != 0)) {
                    throw new VerificationFailed(
                        ErrorCode.NOT_VERIFIED,
                        "it is not verified that both sides agree; undo BACKFILL");
                  }
                  context.requireTriggers(step.ranges(), step.triggers());
                  return context.progress().isOfAnother(run.id(), step.ranges());
                });
    if (step.triggers().isEmpty()) {
      // The application writes both sides, and there are no partitions.
      return standbys.replayed() && context.finished(run.finish());
    }
    VerificationStep rest = new VerificationStep(step.info(), step.ranges(), step.triggers(), true);
    return copying.run(run, step, step.ranges())
        && standbys.replayed()
        && verification.compare(run, rest, whole);
  }
}
