package dev.migrator.internal.engine.step;

import dev.migrator.internal.backfill.Backfill;
import dev.migrator.internal.backfill.BackfillTask;
import dev.migrator.internal.sql.RangeSql;
import dev.migrator.internal.step.BackfillStep;
import dev.migrator.internal.step.Step;

/** Copies rows to the other side, for every step that needs it. */
final class RowCopying {

  private final ExecutionContext context;

  RowCopying(ExecutionContext context) {
    this.context = context;
  }

  /** Copies what is left, or has come since. Returns whether all is done. */
  boolean run(StepRun run, Step step, RangeSql ranges) {
    return backfill(run, step, ranges).run(run.id(), ranges);
  }

  /** The same for a step that is there to copy rows. */
  boolean runStep(StepRun run, BackfillStep step) {
    return backfill(run, step, step.ranges()).runStep(run.id(), step.ranges());
  }

  /** Goes over all rows once more, after a verification that found differences. */
  boolean again(StepRun run, Step step, RangeSql ranges) {
    backfill(run, step, ranges).anew(run.id(), ranges);
    return run(run, step, ranges);
  }

  /** Whether a leader before this one has found rows that differ, and was copying them. */
  boolean isUnderWay(StepRun run) {
    return context
        .database()
        .inTransaction(
            () ->
                context
                    .progress()
                    .read(run.id())
                    .map(it -> it.work() == BackfillTask.Kind.COPY)
                    .orElse(false));
  }

  private Backfill backfill(StepRun run, Step step, RangeSql ranges) {
    return new Backfill(
        context.rangeWork(run, step, () -> context.blockers().ofWriting(ranges.table())));
  }
}
