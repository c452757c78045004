package dev.migrator.internal.engine.step;

import dev.migrator.error.ErrorCode;
import dev.migrator.internal.backfill.SnapshotVerification;
import dev.migrator.internal.sql.RangeSql;
import dev.migrator.internal.step.SnapshotVerificationStep;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares both sides in one snapshot. */
final class SnapshotVerificationExecutor implements StepExecutor<SnapshotVerificationStep> {

  private static final Logger logger = LoggerFactory.getLogger(SnapshotVerificationExecutor.class);

  /** How often it is copied what a snapshot has found, each time much less. */
  private static final int SNAPSHOTS = 6;

  private final ExecutionContext context;

  private final RowCopying copying;

  private final ScanExecutor scans;

  SnapshotVerificationExecutor(ExecutionContext context, RowCopying copying, ScanExecutor scans) {
    this.context = context;
    this.copying = copying;
    this.scans = scans;
  }

  @Override
  public boolean run(StepRun run, SnapshotVerificationStep step) {
    RangeSql ranges = step.ranges();
    if (step.repairs() && copying.isUnderWay(run) && !copying.run(run, step, ranges)) {
      return false;
    }
    SnapshotVerification verification = new SnapshotVerification(context.database());
    for (int pass = 1; ; pass++) {
      AtomicLong differing = new AtomicLong();
      Runnable finish =
          () -> {
            if (differing.get() == 0) {
              run.finish().run();
            }
          };
      boolean compared =
          scans.unlimited(
              run.finishing(finish), step, () -> differing.set(verification.run(run.id(), ranges)));
      if (!compared || differing.get() == 0) {
        return compared;
      }
      requireRepairable(step, differing.get(), pass);
      logger.info(
          "{}: {} rows of {} were moved or written while the others were copied; they are next",
          run.id(),
          differing.get(),
          ranges.name());
      if (!copying.again(run, step, ranges)) {
        return false;
      }
    }
  }

  private static void requireRepairable(SnapshotVerificationStep step, long differing, int pass) {
    String table = step.ranges().name();
    if (!step.repairs()) {
      throw new VerificationFailed(
          ErrorCode.ROWS_DIFFER,
          "%d rows of %s differ between the two sides, which would be lost with the old one: a transform failed on them, or a release, a job or a person has written one side only; mend the rows"
              .formatted(differing, table));
    }
    if (pass == SNAPSHOTS) {
      throw new VerificationFailed(
          ErrorCode.ROWS_DIFFER,
          "%d rows of %s differ between the two sides, also in the %dth snapshot: something goes on writing one side only, or both so that neither gives the other"
              .formatted(differing, table, pass));
    }
  }
}
