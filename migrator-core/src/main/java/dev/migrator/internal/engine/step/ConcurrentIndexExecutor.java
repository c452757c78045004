package dev.migrator.internal.engine.step;

import dev.migrator.internal.step.ConcurrentIndexStep;
import dev.migrator.internal.step.Gate;
import dev.migrator.internal.step.Step;

/** Builds and drops an index beside the running application. */
final class ConcurrentIndexExecutor implements StepExecutor<ConcurrentIndexStep> {

  private final ExecutionContext context;

  private final IndexBuilder indexes;

  ConcurrentIndexExecutor(ExecutionContext context, IndexBuilder indexes) {
    this.context = context;
    this.indexes = indexes;
  }

  @Override
  public boolean run(StepRun run, ConcurrentIndexStep step) {
    askGate(context, run, step);
    return indexes.run(run.id(), step)
        && context.finished(
            () -> {
              step.afterwards().forEach(context.database()::execute);
              run.finish().run();
            });
  }

  /** An index is nothing that code can name: that the gate may close meanwhile harms nobody. */
  static void askGate(ExecutionContext context, StepRun run, Step step) {
    if (step.info().gate() != Gate.NONE) {
      context.database().inTransaction(run.gate());
    }
  }
}
