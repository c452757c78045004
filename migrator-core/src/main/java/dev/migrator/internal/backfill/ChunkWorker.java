package dev.migrator.internal.backfill;

import dev.migrator.internal.Timings;
import dev.migrator.internal.catalog.LeafReader;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.settings.MigratorSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Works on one chunk, range by range, until it is done or until told to end. */
final class ChunkWorker {

  private static final Logger logger = LoggerFactory.getLogger(ChunkWorker.class);

  /** A single block that fails more often than this gets a longer limit each time. */
  private static final int PATIENT_ATTEMPTS = 5;

  private final Database database;

  private final MigratorSettings settings;

  private final Timings timings;

  private final Interruption interruption;

  private final BackfillTask task;

  private final Chunk chunk;

  private final RangeOperation ranges;

  private final ChunkStore chunks;

  private final ClaimStore claims;

  private final RangeSize size;

  private final Rate rate = new Rate();

  private final WorkerThrottle throttle;

  private final BlockedWorkers blocked;

  private final CommitSteering steering;

  private int failures;

  ChunkWorker(
      WorkerContext context, BackfillTask task, Chunk chunk, RangeSize size, Latency latency) {
    this.database = context.database();
    this.settings = context.settings();
    this.timings = context.timings();
    this.interruption = context.interruption();
    this.blocked = context.blocked();
    this.steering = context.steering();
    this.throttle = new WorkerThrottle(context, task, chunk, latency, rate);
    this.task = task;
    this.chunk = chunk;
    this.ranges =
        (task.kind() == BackfillTask.Kind.COPY)
            ? new RangeCopy(database, task, timings)
            : new RangeVerification(database, task);
    this.chunks = new ChunkStore(database);
    this.claims = new ClaimStore(database);
    this.size = size;
  }

  /**
   * Works.
   *
   * @return whether the chunk is done; not if told to end, if an operator holds the migration, or
   *     if somebody has the table locked
   */
  boolean run() {
    try {
      return untilDone();
    } finally {
      blocked.remove(this);
    }
  }

  private boolean untilDone() {
    Cursor cursor = Cursor.of(chunk, ranges.shares());
    // Rows that were locked before are not waited for again.
    Mode usual = (chunk.attempts() > 0) ? Mode.WITHOUT_WAITING : Mode.WAITING;
    Mode mode = usual;
    while (throttle.admit() && !interruption.isRequested()) {
      long end = (mode == Mode.ROW_BY_ROW) ? cursor.next() + 1 : cursor.rangeEnd(size.blocks());
      long start = System.nanoTime();
      try {
        steering.rangeBegins();
        Ended ended;
        try {
          ended = range(cursor, end, mode);
        } finally {
          steering.rangeEnds();
        }
        long took = System.nanoTime() - start;
        int pass = cursor.pass();
        if (mode == Mode.WAITING) {
          size.took(took, steering.slows());
        }
        cursor = cursor.after(end);
        mode = usual;
        failures = 0;
        blocked.remove(this);
        if (cursor.finished()) {
          return true;
        }
        throttle.after(ended.directive(), pass, ended.rows(), took);
      } catch (ChunkChangedException ex) {
        return forget();
      } catch (ChunkSetBackException ex) {
        // Whoever claims it next goes on where it is recorded.
        logger.info("{}: {}, and it is done again", task.migration(), ex.getMessage());
        return false;
      } catch (DataAccessException | TransactionException ex) {
        if (mode != Mode.WAITING && SqlState.isLocked(ex)) {
          putOff();
          return false;
        }
        if (isDetached(ex)) {
          return forget();
        }
        mode = next(mode, ex, end - cursor.next());
      }
    }
    return false;
  }

  /** The rows and the position behind them are committed together. */
  private Ended range(Cursor cursor, long end, Mode mode) {
    return database.inTransaction(
        () -> {
          // The rows written so far stay locked while the next one is waited for, so the whole
          // range has one limit, not each of its waits.
          database.rangeLimits(
              settings.lock().budget(),
              limit(
                  settings.backfill().rangeTarget(),
                  settings.lock().budget(),
                  timings.limits().range(),
                  failures),
              task.sql().userTriggers());
          Chunk held = chunk.in(claims.hold(chunk, task.sql().table(), cursor.position()));
          RangeOperation.Done done =
              switch (mode) {
                case WAITING -> ranges.attempt(held, cursor, end);
                case WITHOUT_WAITING -> ranges.withoutWaiting(held, cursor, end);
                case ROW_BY_ROW -> ranges.rowByRow(held, cursor);
              };
          Cursor after = cursor.after(end);
          WorkerDirective directive =
              chunks.advance(
                  chunk,
                  task.sql().table(),
                  after.position(),
                  done.rows(),
                  done.differing(),
                  rate.after(done.rows()),
                  steering.reason(),
                  settings.leaseTime());
          if (after.finished() && chunk.attempts() > 0) {
            chunks.fold(chunk);
          }
          return new Ended(directive, done.rows());
        });
  }

  /** Whether an error is due to a partition that was detached or dropped. */
  private boolean isDetached(RuntimeException ex) {
    return chunk.relation() != task.sql().table()
        && !SqlState.isContention(ex)
        && !database
            .inTransaction(
                () -> new LeafReader(database).mark(task.sql().table(), chunk.relation()))
            .equals(Optional.of(chunk.mark()));
  }

  /** What was allocated is not there any longer, or not as it was; the leader allocates it anew. */
  private boolean forget() {
    logger.info(
        "{}: {} is not as it was when the work on it began", task.migration(), chunk.source());
    database.inTransaction(
        () -> new AllocationStore(database).forget(task.migration(), chunk.relation()));
    return true;
  }

  /** No part of it can be worked on, but others may be. */
  private void putOff() {
    blocked.add(this);
    database.inTransaction(() -> claims.putOff(chunk, timings.ranges().lockedTable()));
  }

  /** How the same range is tried next. */
  private Mode next(Mode mode, RuntimeException ex, long blocks) {
    if (SqlState.isData(ex) && mode != Mode.ROW_BY_ROW) {
      if (blocks == 1) {
        return Mode.ROW_BY_ROW;
      }
      size.single();
      return mode;
    }
    if (!SqlState.isContention(ex)) {
      throw ex;
    }
    blocked.add(this);
    if (mode == Mode.WAITING && !SqlState.isTimeout(ex)) {
      // A row is locked: the rest of the range is done at once.
      return Mode.WITHOUT_WAITING;
    }
    // The whole table is locked, or the range is too much for its limit.
    size.failed();
    failures++;
    long pause =
        Math.min(
            timings.ranges().longestPause().toNanos(),
            timings.ranges().firstPause().toNanos() << Math.min(failures - 1, 10));
    logger.debug(
        "{}: {} blocks of {} were not done: SQLSTATE {}; next try in {} ms",
        task.migration(),
        blocks,
        task.sql().name(),
        SqlState.of(ex),
        TimeUnit.NANOSECONDS.toMillis(pause));
    LockSupport.parkNanos(pause);
    return mode;
  }

  /**
   * How long a range may take, and so how long somebody may wait for one of its rows: no longer
   * than for a step, unless a range is meant to be long.
   */
  static Duration limit(Duration target, Duration lockBudget, Duration longest, int failures) {
    Duration usual = target.multipliedBy(3).dividedBy(2);
    Duration limit = (usual.compareTo(lockBudget) > 0) ? usual : lockBudget;
    for (int i = PATIENT_ATTEMPTS; i < Math.min(failures, PATIENT_ATTEMPTS + 6); i++) {
      limit = limit.multipliedBy(2);
    }
    return (limit.compareTo(longest) < 0) ? limit : longest;
  }

  private record Ended(WorkerDirective directive, long rows) {}

  private enum Mode {
    WAITING,
    WITHOUT_WAITING,
    ROW_BY_ROW
  }
}
