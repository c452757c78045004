package dev.migrator.internal.engine;

import dev.migrator.internal.engine.step.PreconditionChanged;
import dev.migrator.internal.engine.step.StepRun;
import dev.migrator.internal.engine.step.StepRunner;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.journal.StepRecord;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.step.Gate;
import dev.migrator.status.StepStatus.State;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finishes a migration whose retention time is over, by the recorded steps: the release that knows
 * it may be gone by now.
 */
final class RetentionExecutor {

  private static final Logger logger = LoggerFactory.getLogger(RetentionExecutor.class);

  private final Database database;

  private final Lease lease;

  private final Journal journal;

  private final StepRunner runner;

  RetentionExecutor(Database database, Lease lease, Journal journal, StepRunner runner) {
    this.database = database;
    this.lease = lease;
    this.journal = journal;
    this.runner = runner;
  }

  /** Returns whether it is done; not if told to end or to yield. */
  boolean run(String id) {
    List<StepRecord> left =
        database.inTransaction(() -> journal.steps().records(id)).stream()
            .filter(it -> it.step().info().gate() == Gate.RETENTION)
            .filter(it -> it.state() != State.DONE)
            .toList();
    if (left.isEmpty()) {
      // Nothing is kept aside; until now it could have been undone.
      database.inTransaction(
          () -> {
            lease.check();
            journal.completed(id);
          });
      return true;
    }
    left.forEach(it -> runner.requireSealed(id, it));
    for (int i = 0; i < left.size(); i++) {
      boolean last = i == left.size() - 1;
      if (!runner.run(
          StepRun.of(id, last ? () -> complete(id) : () -> {}), left.get(i).step(), i)) {
        return false;
      }
    }
    logger.info("{}: completed, the old side is dropped", id);
    return true;
  }

  private void complete(String id) {
    if (!journal.completed(id)) {
      throw new PreconditionChanged();
    }
  }
}
