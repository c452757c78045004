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

  /** A single block that is not done within its limit so often gets a longer one each time. */
  private static final int PATIENT_ATTEMPTS = 5;

  private final Database database;

  private final MigratorSettings settings;

  private final Timings timings;

  private final Interruption interruption;

  private final BackfillTask work;

  private final Chunk chunk;

  private final RangeOperation ranges;

  private final ChunkStore chunks;

  private final RangeSize size;

  private final Rate rate = new Rate();

  private final WorkerThrottle pace;

  private final Runnable contended;

  private int failures;

  ChunkWorker(
      WorkerContext tools, BackfillTask work, Chunk chunk, RangeSize size, Latency latency) {
    this.database = tools.database();
    this.settings = tools.settings();
    this.timings = tools.timings();
    this.interruption = tools.interruption();
    this.contended = tools.contended();
    this.pace = new WorkerThrottle(tools, work, chunk, latency, rate);
    this.work = work;
    this.chunk = chunk;
    this.ranges =
        (work.kind() == BackfillTask.Kind.CARRY)
            ? new RangeCopy(database, work, timings)
            : new RangeVerification(database, work);
    this.chunks = new ChunkStore(database);
    this.size = size;
  }

  /**
   * Works.
   *
   * @return whether the chunk is done; not if told to end, if an operator holds the change, or if
   *     somebody has the table locked
   */
  boolean run() {
    Cursor cursor = Cursor.of(chunk, ranges.shares());
    // Rows that were locked before are not waited for again.
    Mode usual = (chunk.attempts() > 0) ? Mode.WITHOUT_WAITING : Mode.WAITING;
    Mode mode = usual;
    while (pace.admit() && !interruption.isRequested()) {
      long end = (mode == Mode.ROW_BY_ROW) ? cursor.next() + 1 : cursor.rangeEnd(size.blocks());
      long start = System.nanoTime();
      try {
        Ended ended = range(cursor, end, mode);
        long took = System.nanoTime() - start;
        int pass = cursor.pass();
        if (mode == Mode.WAITING) {
          size.took(took);
        }
        cursor = cursor.after(end);
        mode = usual;
        failures = 0;
        if (cursor.finished()) {
          return true;
        }
        pace.after(ended.standing(), pass, ended.rows(), took);
      } catch (ChunkChangedException ex) {
        return forget();
      } catch (DataAccessException | TransactionException ex) {
        if (mode != Mode.WAITING && SqlState.isLocked(ex)) {
          putOff();
          return false;
        }
        if (isGone(ex)) {
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
              settings.lockBudget(),
              limit(
                  settings.backfill().rangeTarget(),
                  settings.lockBudget(),
                  timings.limits().range(),
                  failures),
              work.sql().userTriggers());
          chunks.hold(chunk);
          RangeOperation.Done done =
              switch (mode) {
                case WAITING -> ranges.attempt(chunk, cursor, end);
                case WITHOUT_WAITING -> ranges.withoutWaiting(chunk, cursor, end);
                case ROW_BY_ROW -> ranges.rowByRow(chunk, cursor);
              };
          Cursor after = cursor.after(end);
          WorkerDirective standing =
              chunks.advance(
                  chunk,
                  work.sql().table(),
                  after.position(),
                  done.rows(),
                  done.differing(),
                  rate.after(done.rows()),
                  settings.leaseTime());
          if (after.finished() && chunk.attempts() > 0) {
            chunks.fold(chunk);
          }
          return new Ended(standing, done.rows());
        });
  }

  /** Whether an error is due to a partition that is none any longer. */
  private boolean isGone(RuntimeException ex) {
    return chunk.relation() != work.sql().table()
        && !SqlState.isContention(ex)
        && !database
            .inTransaction(
                () -> new LeafReader(database).mark(work.sql().table(), chunk.relation()))
            .equals(Optional.of(chunk.mark()));
  }

  /** What was dealt out is not there any longer, or not as it was; the leader deals it out anew. */
  private boolean forget() {
    logger.info(
        "{}: {} is not as it was when the work on it began", work.migration(), chunk.source());
    database.inTransaction(() -> chunks.forget(work.migration(), chunk.relation()));
    return true;
  }

  /** No part of it can be worked on, but others may be. */
  private void putOff() {
    contended.run();
    database.inTransaction(() -> chunks.putOff(chunk, timings.ranges().lockedTable()));
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
    contended.run();
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
        work.migration(),
        blocks,
        work.sql().name(),
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

  private record Ended(WorkerDirective standing, long rows) {}

  private enum Mode {
    WAITING,
    WITHOUT_WAITING,
    ROW_BY_ROW
  }
}
