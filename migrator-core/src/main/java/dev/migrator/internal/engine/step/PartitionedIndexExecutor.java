package dev.migrator.internal.engine.step;

import dev.migrator.internal.step.PartitionedIndexStep;

/** Builds and drops an index of a partitioned table. */
final class PartitionedIndexExecutor implements StepExecutor<PartitionedIndexStep> {

  private final ExecutionContext context;

  private final PartitionedIndexBuilder indexes;

  PartitionedIndexExecutor(ExecutionContext context, PartitionedIndexBuilder indexes) {
    this.context = context;
    this.indexes = indexes;
  }

  @Override
  public boolean run(StepRun run, PartitionedIndexStep step) {
    ConcurrentIndexExecutor.askGate(context, run, step);
    return step.present()
        ? indexes.build(run.id(), step, run.finish())
        : indexes.drop(run.id(), step, run.finish());
  }
}
