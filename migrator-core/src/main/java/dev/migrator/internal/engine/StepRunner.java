package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.error.StepFailedException;
import dev.migrator.internal.Timings;
import dev.migrator.internal.backfill.Backfill;
import dev.migrator.internal.backfill.BackfillTask;
import dev.migrator.internal.backfill.BackfillWorkers;
import dev.migrator.internal.backfill.Progress;
import dev.migrator.internal.backfill.ProgressStore;
import dev.migrator.internal.backfill.RangeWork;
import dev.migrator.internal.backfill.SnapshotVerification;
import dev.migrator.internal.backfill.UncopiedRowsException;
import dev.migrator.internal.backfill.Verification;
import dev.migrator.internal.catalog.Blockers;
import dev.migrator.internal.catalog.LeafReader;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.lease.LeaseLostException;
import dev.migrator.internal.operation.column.UndoContractSteps;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.IndexName;
import dev.migrator.internal.sql.RangeSql;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.internal.sql.ViolatingRows;
import dev.migrator.internal.step.Step;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.Blocker;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.TransactionException;

/**
 * Carries a step out: takes its lock within the budget, does it and records it in one transaction.
 */
final class StepRunner {

  private static final Logger logger = LoggerFactory.getLogger(StepRunner.class);

  /** How often the rows are brought over anew when the verification finds differences. */
  private static final int PASSES = 3;

  /** How often it is brought over what a snapshot has found, each time much less. */
  private static final int SNAPSHOTS = 6;

  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  private static final Duration WITHDRAW_AGAIN = Duration.ofMillis(50);

  private final Database database;

  private final Lease lease;

  private final Journal journal;

  private final ProgressStore progress;

  private final StopSignal signal;

  private final IndexExecutor indexes;

  private final LockedTransactions transactions;

  private final PartitionedIndexExecutor partitionedIndexes;

  private final Deadline deadline;

  private final LongStatementMonitor watch;

  private final Blockers blockers;

  private final BackfillWorkers crew;

  StepRunner(
      Database database,
      Lease lease,
      Journal journal,
      MigratorSettings settings,
      StopSignal signal,
      BackfillWorkers crew,
      Deadline deadline,
      Timings timings) {
    this.database = database;
    this.deadline = deadline;
    this.lease = lease;
    this.journal = journal;
    this.progress = new ProgressStore(database);
    this.signal = signal;
    this.crew = crew;
    this.watch = new LongStatementMonitor(database, lease, journal, deadline, timings);
    this.blockers = new Blockers(database);
    this.indexes = new IndexExecutor(database, lease, signal, deadline, watch, timings);
    this.transactions =
        new LockedTransactions(database, lease, journal, settings, signal, deadline, timings);
    this.partitionedIndexes =
        new PartitionedIndexExecutor(
            database, lease, indexes, transactions, () -> isToEnd() || lease.isWanted());
  }

  /**
   * Carries a step out.
   *
   * @param id the change it belongs to
   * @param position its place among the steps of its phase
   * @param record what else to record in the transaction that finishes it
   * @return whether it is done; not if told to end or if an operator holds the change
   * @throws StepFailedException if it failed; the failure is recorded
   */
  boolean run(String id, Step step, int position, Runnable record) {
    return run(id, step, position, () -> {}, record);
  }

  /** See the longer form. */
  boolean run(String id, Step step, int position, Runnable gate, Runnable record) {
    return run(id, step, position, null, gate, record);
  }

  /**
   * Carries a step out, if that is still allowed when it has its locks.
   *
   * @param rows what was brought over before it in its phase, if anything: scans count on that
   * @param gate asked in the transaction of the step, right before it changes anything; throws
   *     {@link PreconditionChanged} if it is not allowed
   */
  boolean run(
      String id, Step step, int position, @Nullable RangeSql rows, Runnable gate, Runnable record) {
    database.inTransaction(
        () -> {
          lease.check();
          journal.steps().started(id, step, position);
        });
    long start = System.nanoTime();
    try {
      Runnable finish =
          () -> {
            journal.steps().done(id, step.name());
            record.run();
          };
      boolean done = carryOut(id, step, rows, gate, finish);
      if (done) {
        logger.info(
            "{}: {} {} done in {} ms",
            id,
            step.phase(),
            step.name(),
            Duration.ofNanos(System.nanoTime() - start).toMillis());
      }
      return done;
    } catch (DataAccessException | TransactionException ex) {
      throw failed(id, step.phase(), step.name(), SqlState.describe(ex), ex);
    } catch (PreconditionChanged ex) {
      database.inTransaction(
          () -> {
            lease.check();
            journal.steps().postponed(id, step.name());
          });
      return false;
    } catch (VerificationFailed | UncopiedRowsException ex) {
      throw failed(id, step.phase(), step.name(), String.valueOf(ex.getMessage()), null);
    }
  }

  private boolean carryOut(
      String id, Step step, @Nullable RangeSql rows, Runnable gate, Runnable finish) {
    if (step instanceof Step.Ddl ddl) {
      return transactions.attempt(
          id,
          ddl.name(),
          ddl.locks(),
          ddl.statements(),
          () -> {
            if (!isUndo(step) && journal.isHeld(id)) {
              throw new PreconditionChanged();
            }
            gate.run();
          },
          finish);
    }
    if (step instanceof Step.Validation validation) {
      return scan(
          id, step, rows, () -> validation.statements().forEach(database::executeLong), finish);
    }
    if (step instanceof Step.Count count) {
      return scan(id, step, rows, () -> count(count.rows()), finish);
    }
    if (step instanceof Step.Index index) {
      gateOfIndex(step, gate);
      return indexes.run(id, index) && finished(finish);
    }
    if (step instanceof Step.PartitionedIndex index) {
      gateOfIndex(step, gate);
      return partitionedIndexes.build(id, index, finish);
    }
    if (step instanceof Step.Backfill backfill) {
      return backfill(id, step, backfill.ranges()) && finished(finish);
    }
    if (step instanceof Step.Verify verify) {
      return verify(id, verify, finish);
    }
    if (step instanceof Step.AwaitWriters await) {
      return awaitWriters(id, await) && finished(finish);
    }
    if (step instanceof Step.Proof proof) {
      return prove(id, proof, finish);
    }
    if (step instanceof Step.SwitchRead switchRead) {
      return switchRead(id, switchRead, finish);
    }
    throw new IllegalStateException("no such step: " + step);
  }

  /** An index is nothing that code can name: that the gate may close meanwhile harms nobody. */
  private void gateOfIndex(Step step, Runnable gate) {
    if (step.phase() == Phase.CONTRACT) {
      database.inTransaction(gate);
    }
  }

  /**
   * Reads the whole table and fails on a row. One that has come with a partition since all were
   * brought over is no reason to: it is brought over like all others, and the table read again.
   */
  private boolean scan(
      String id, Step step, @Nullable RangeSql rows, Runnable work, Runnable finish) {
    while (true) {
      // A leader before this one may have been at what has come.
      if (rows != null && isCarrying(id) && !backfill(id, step, rows)) {
        return false;
      }
      try {
        return unlimited(id, step, work, finish);
      } catch (DataIntegrityViolationException | VerificationFailed ex) {
        if (rows == null || !hasCome(id, rows.table())) {
          throw ex;
        }
        if (!backfill(id, step, rows)) {
          return false;
        }
      }
    }
  }

  private boolean hasCome(String id, long table) {
    return database.inTransaction(
        () -> !progress.uncovered(id, BackfillTask.Kind.COPY, table).isEmpty());
  }

  /**
   * Validating and counting read the whole table under a lock that conflicts neither with reads nor
   * with writes, so they may wait and take their time.
   */
  private boolean unlimited(String id, Step step, Runnable work, Runnable finish) {
    try {
      return watch.over(
          id,
          step.name(),
          () ->
              database.inTransaction(
                  () -> {
                    database.limits(Database.UNLIMITED, Database.UNLIMITED);
                    lease.check();
                    work.run();
                    finish.run();
                    return true;
                  }));
    } catch (DataAccessException ex) {
      if (isToEnd() && SqlState.isContention(ex)) {
        return false;
      }
      throw ex;
    }
  }

  private void count(ViolatingRows rows) {
    long count = database.countLong(rows.count());
    if (count > 0) {
      throw new VerificationFailed(count + " " + rows.refusal());
    }
  }

  /** See {@link LockedTransactions#attempt}. */
  boolean attempt(
      String id, String step, List<TableLock> locks, List<String> statements, Runnable finish) {
    return transactions.attempt(id, step, locks, statements, () -> {}, finish);
  }

  private RangeWork rangeWork(String id, Step step, Supplier<List<Blocker>> inTheWay) {
    return new RangeWork(
        database,
        lease,
        crew,
        () -> isToEnd() || lease.isWanted(),
        new BlockerReporter(database, lease, journal, id, step.name(), inTheWay),
        isUndo(step));
  }

  private boolean isToEnd() {
    return signal.isRequested() || deadline.isOver();
  }

  private static boolean isUndo(Step step) {
    return step.name().startsWith(UndoContractSteps.PREFIX);
  }

  private boolean backfill(String id, Step step, RangeSql ranges) {
    return new Backfill(rangeWork(id, step, () -> blockers.ofWriting(ranges.table())))
        .run(id, ranges);
  }

  private boolean verify(String id, Step.Verify step, Runnable finish) {
    database.inTransaction(() -> requireTriggers(step.ranges().table(), step.triggers()));
    return compare(id, step, true, finish);
  }

  /**
   * Compares both sides.
   *
   * @param whole whether of all rows, and not only of those that have come with a partition since
   */
  private boolean compare(String id, Step.Verify step, boolean whole, Runnable finish) {
    RangeSql ranges = step.ranges();
    if (step.mends() && isCarrying(id) && !backfill(id, step, ranges)) {
      return false;
    }
    Verification verification =
        new Verification(rangeWork(id, step, () -> blockers.ofReading(ranges.table())));
    boolean all = whole;
    int pass = 1;
    while (true) {
      OptionalLong differing = all ? verification.run(id, ranges) : verification.rest(id, ranges);
      if (differing.isEmpty()) {
        return false;
      }
      if (differing.getAsLong() > 0) {
        requireMendable(step, differing.getAsLong(), pass++);
        logger.warn(
            "{}: {} rows of {} differ between the two sides; bringing them over again",
            id,
            differing.getAsLong(),
            ranges.name());
        if (!again(id, step, ranges)) {
          return false;
        }
        all = true;
      } else if (proved(id, step, finish)) {
        return true;
      } else if (step.mends() && !backfill(id, step, ranges)) {
        return false;
      } else {
        all = false; // a partition was attached since, and is what is left
      }
    }
  }

  private boolean again(String id, Step step, RangeSql ranges) {
    RangeWork work = rangeWork(id, step, () -> blockers.ofWriting(ranges.table()));
    new Backfill(work).anew(id, ranges);
    return backfill(id, step, ranges);
  }

  private boolean awaitWriters(String id, Step.AwaitWriters step) {
    AwaitedWriters writers =
        database.inTransaction(() -> new AwaitedWriters(blockers, step.ranges().table()));
    BlockerReporter obstacle =
        new BlockerReporter(database, lease, journal, id, step.name(), writers::inTheWay);
    while (true) {
      boolean gone =
          database.inTransaction(
              () -> {
                lease.check();
                if (!isUndo(step) && journal.isHeld(id)) {
                  throw new PreconditionChanged();
                }
                return writers.areGone();
              });
      if (gone) {
        obstacle.over();
        return true;
      }
      if (isToEnd() || lease.isWanted()) {
        return false;
      }
      obstacle.met();
      signal.pause(LOOK_AGAIN);
    }
  }

  private boolean prove(String id, Step.Proof step, Runnable finish) {
    RangeSql ranges = step.ranges();
    if (step.mends() && isCarrying(id) && !backfill(id, step, ranges)) {
      return false;
    }
    SnapshotVerification proof = new SnapshotVerification(database);
    for (int pass = 1; ; pass++) {
      AtomicLong differing = new AtomicLong();
      boolean compared =
          unlimited(
              id,
              step,
              () -> differing.set(proof.run(id, ranges)),
              () -> {
                if (differing.get() == 0) {
                  finish.run();
                }
              });
      if (!compared || differing.get() == 0) {
        return compared;
      }
      if (!step.mends()) {
        throw new VerificationFailed(
            "%d rows of %s differ between the two sides, which would be lost with the old one: a transform failed on them, or a release, a job or a person has written one side only; mend the rows"
                .formatted(differing.get(), ranges.name()));
      }
      if (pass == SNAPSHOTS) {
        throw new VerificationFailed(
            "%d rows of %s differ between the two sides, also in the %dth snapshot: something goes on writing one side only, or both so that neither gives the other"
                .formatted(differing.get(), ranges.name(), pass));
      }
      logger.info(
          "{}: {} rows of {} were moved or written while the others were brought over; they are next",
          id,
          differing.get(),
          ranges.name());
      if (!again(id, step, ranges)) {
        return false;
      }
    }
  }

  /** Whether a leader before this one has found rows that differ, and was bringing them over. */
  private boolean isCarrying(String id) {
    return database.inTransaction(
        () -> progress.read(id).map(it -> it.work() == BackfillTask.Kind.COPY).orElse(false));
  }

  private static void requireMendable(Step.Verify step, long differing, int pass) {
    String table = step.ranges().name();
    if (!step.mends()) {
      throw new VerificationFailed(
          "%d rows of %s differ between the two sides, which would be lost with the old one: a transform failed on them, or something wrote without the triggers; mend the rows"
              .formatted(differing, table));
    }
    if (pass == PASSES) {
      throw new VerificationFailed(
          "%d rows of %s differ between the two sides after %d passes: a transform fails or loses something on them, or something writes without the triggers"
              .formatted(differing, table, PASSES));
    }
  }

  private boolean proved(String id, Step.Verify step, Runnable finish) {
    long table = step.ranges().table();
    return database.inTransaction(
        () -> {
          lease.check();
          // Without them, rows could have changed behind the ranges that were compared already.
          requireTriggers(table, step.triggers());
          if (!isWhole(id, table)) {
            return false;
          }
          finish.run();
          return true;
        });
  }

  private boolean isWhole(String id, long table) {
    return progress.uncovered(id, BackfillTask.Kind.VERIFY, table).isEmpty();
  }

  /**
   * To be called in a transaction that has the table locked, so that no partition can come any
   * more.
   *
   * @throws PreconditionChanged if one has come since the proof
   */
  void requireWholeProof(String id, long table) {
    if (!isWhole(id, table)) {
      throw new PreconditionChanged();
    }
  }

  /**
   * The proof stays true as long as the triggers are there, so that is what is asked for now. Rows
   * of partitions that were attached since are brought over and proved first.
   */
  private boolean switchRead(String id, Step.SwitchRead step, Runnable finish) {
    database.inTransaction(
        () -> {
          lease.check();
          Progress proof = progress.read(id).orElse(null);
          // A leader before this one may have been at what has come since.
          boolean underWay = proof != null && proof.work() != null;
          if (!underWay
              && (proof == null || proof.verifiedAt() == null || proof.rowsDiffering() != 0)) {
            throw new VerificationFailed(
                "there is no proof that both sides agree; take BACKFILL back");
          }
          requireTriggers(step.ranges().table(), step.triggers());
        });
    if (step.triggers().isEmpty()) {
      return finished(finish); // the application writes both sides, and has no partitions
    }
    Step.Verify verify =
        new Step.Verify(step.name(), step.phase(), step.ranges(), step.triggers(), true);
    return backfill(id, step, step.ranges()) && compare(id, verify, false, finish);
  }

  /**
   * Takes a step back by statements that cannot run in a transaction, and may be repeated: the drop
   * of an index, or a drop and what builds it again.
   */
  boolean outsideTransaction(String id, String step, List<String> statements) {
    List<String> left = statements;
    if (statements.size() > 1) {
      if (!indexes.restore(id, step, statements.get(0), statements.get(1))) {
        return false;
      }
      left = statements.subList(2, statements.size());
    }
    for (String statement : left) {
      if (!indexes.untilDone(id, step, statement)) {
        return false;
      }
    }
    return finished(() -> journal.steps().undone(id, step));
  }

  /** Takes an index of a partitioned table back, as far as it has come. */
  boolean dropPartitioned(String id, String step, String table, IndexName index) {
    return partitionedIndexes.drop(id, step, table, index, () -> journal.steps().undone(id, step));
  }

  /** Builds an index of a partitioned table again that a step had dropped. */
  boolean restorePartitioned(String id, Step step) {
    if (!(step instanceof Step.PartitionedIndex index)) {
      throw new IllegalArgumentException("not an index of a partitioned table: " + step);
    }
    return partitionedIndexes.build(id, index, () -> journal.steps().undone(id, step.name()));
  }

  /**
   * Takes the work on rows away from all workers, who stop at the end of the range at hand because
   * of the operator's wish, and waits for them.
   *
   * @return whether nobody is at it any longer; not if told to end
   */
  boolean withdraw(String id) {
    while (!isToEnd()) {
      long left =
          database.inTransaction(
              () -> {
                lease.check();
                return progress.withdraw(id);
              });
      if (left == 0) {
        return true;
      }
      signal.pause(WITHDRAW_AGAIN);
    }
    return false;
  }

  private void requireTriggers(long table, List<String> triggers) {
    List<String> inactive = new LeafReader(database).inactiveTriggers(table, triggers);
    if (!inactive.isEmpty()) {
      throw new VerificationFailed(
          "triggers that keep both sides in step are missing or disabled: %s; enable them, take BACKFILL back, and let it prove both sides again"
              .formatted(inactive));
    }
  }

  private boolean finished(Runnable finish) {
    database.inTransaction(
        () -> {
          lease.check();
          finish.run();
        });
    return true;
  }

  StepFailedException failed(
      String id, Phase phase, String step, String reason, @Nullable RuntimeException cause) {
    if (cause != null && SqlState.isConnectionLost(cause)) {
      // Nothing can be recorded now, and nothing needs to be: the step was rolled back.
      return new StepFailedException(
          "migration \"%s\", %s, step %s: the connection was lost".formatted(id, phase, step),
          cause);
    }
    String error =
        "step %s of %s failed: %s; the table is as it was before that step"
            .formatted(step, phase, reason);
    try {
      database.inTransaction(
          () -> {
            lease.check();
            journal.failed(id, step, error);
          });
    } catch (DataAccessException | TransactionException | LeaseLostException ex) {
      logger.warn("{}: the failure could not be recorded: {}", id, ex.getMessage());
    }
    return new StepFailedException(
        "migration \"%s\": %s. Remove the cause; it is tried again at the next start or on RETRY."
            .formatted(id, error),
        cause);
  }
}
