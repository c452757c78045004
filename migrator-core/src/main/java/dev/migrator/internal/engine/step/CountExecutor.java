package dev.migrator.internal.engine.step;

import dev.migrator.error.ErrorCode;
import dev.migrator.internal.step.CountStep;

/** Counts the rows that would violate what is to be added. */
final class CountExecutor implements StepExecutor<CountStep> {

  private final ExecutionContext context;

  private final ScanExecutor scans;

  CountExecutor(ExecutionContext context, ScanExecutor scans) {
    this.context = context;
    this.scans = scans;
  }

  @Override
  public boolean run(StepRun run, CountStep step) {
    return scans.scan(
        run,
        step,
        () -> {
          long count = context.database().countLong(step.rows().count());
          if (count > 0) {
            throw new VerificationFailed(
                ErrorCode.ROWS_VIOLATE, count + " " + step.rows().refusal());
          }
        });
  }
}
