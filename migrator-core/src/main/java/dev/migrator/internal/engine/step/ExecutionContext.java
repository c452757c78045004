package dev.migrator.internal.engine.step;

import dev.migrator.error.ErrorCode;
import dev.migrator.internal.backfill.BackfillWorkers;
import dev.migrator.internal.backfill.ProgressStore;
import dev.migrator.internal.backfill.RangeWork;
import dev.migrator.internal.catalog.Blockers;
import dev.migrator.internal.catalog.LeafReader;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.RangeSql;
import dev.migrator.internal.step.Step;
import dev.migrator.status.Blocker;
import java.util.List;
import java.util.function.Supplier;

/**
 * What all executors work with.
 *
 * @param database where
 * @param lease checked in every transaction
 * @param journal where steps are recorded
 * @param workers the backfill workers of this instance
 * @param signal asked to end
 * @param deadline when to leave the work for later
 */
record ExecutionContext(
    Database database,
    Lease lease,
    Journal journal,
    BackfillWorkers workers,
    StopSignal signal,
    Deadline deadline) {

  ProgressStore progress() {
    return new ProgressStore(database);
  }

  Blockers blockers() {
    return new Blockers(database);
  }

  boolean isToEnd() {
    return signal.isRequested() || deadline.isOver();
  }

  /** Whether the work is to be left, also for another instance that is to lead. */
  boolean isToYield() {
    return isToEnd() || lease.isWanted();
  }

  BlockerReporter reporter(StepRun run, Step step, Supplier<List<Blocker>> inTheWay) {
    return new BlockerReporter(database, lease, journal, run.id(), step.name(), inTheWay);
  }

  RangeWork rangeWork(StepRun run, Step step, Supplier<List<Blocker>> inTheWay) {
    return new RangeWork(
        database, lease, workers, this::isToYield, reporter(run, step, inTheWay), run.isUndo());
  }

  /** Records the end of a step in a transaction of its own. */
  boolean finished(Runnable finish) {
    database.inTransaction(
        () -> {
          lease.check();
          finish.run();
        });
    return true;
  }

  /** An operator's command that came meanwhile goes before a step, but not before an undo. */
  void requireNotHeld(StepRun run) {
    if (!run.isUndo() && journal.isHeld(run.id())) {
      throw new PreconditionChanged();
    }
  }

  /** Ranges of a table that was dropped meanwhile are all done, and nothing is. */
  void requireTable(RangeSql ranges) {
    if (!new LeafReader(database).exists(ranges.table())) {
      throw new VerificationFailed(
          ErrorCode.UNKNOWN_TABLE,
          "table %s does not exist any longer: it was dropped or replaced after this change had begun; undo the change, and let a release declare it anew if a table of that name is there"
              .formatted(ranges.name()));
    }
  }

  /** Without the triggers a comparison range by range says nothing. */
  void requireTriggers(RangeSql ranges, List<String> triggers) {
    requireTable(ranges);
    List<String> inactive = new LeafReader(database).inactiveTriggers(ranges.table(), triggers);
    if (!inactive.isEmpty()) {
      throw new VerificationFailed(
          ErrorCode.TRIGGERS_INACTIVE,
          "triggers that keep both sides in step are missing or disabled: %s; enable them, undo BACKFILL, and let it verify both sides again"
              .formatted(inactive));
    }
  }
}
