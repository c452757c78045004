package dev.migrator.internal.engine.step;

import dev.migrator.internal.step.BackfillStep;

/** Copies the rows that were there before. */
final class BackfillExecutor implements StepExecutor<BackfillStep> {

  private final ExecutionContext context;

  private final RowCopying copying;

  BackfillExecutor(ExecutionContext context, RowCopying copying) {
    this.context = context;
    this.copying = copying;
  }

  @Override
  public boolean run(StepRun run, BackfillStep step) {
    return copying.runStep(run, step)
        && context.finished(
            () -> {
              if (!run.isUndo()) {
                context.requireTable(step.ranges());
              }
              run.finish().run();
            });
  }
}
