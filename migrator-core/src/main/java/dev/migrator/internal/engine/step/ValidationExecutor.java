package dev.migrator.internal.engine.step;

import dev.migrator.internal.step.ValidationStep;

/** Validates a constraint beside the running application. */
final class ValidationExecutor implements StepExecutor<ValidationStep> {

  private final ExecutionContext context;

  private final ScanExecutor scans;

  ValidationExecutor(ExecutionContext context, ScanExecutor scans) {
    this.context = context;
    this.scans = scans;
  }

  @Override
  public boolean run(StepRun run, ValidationStep step) {
    return scans.scan(run, step, () -> step.statements().forEach(context.database()::executeLong));
  }
}
