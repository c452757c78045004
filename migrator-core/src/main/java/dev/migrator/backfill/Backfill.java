package dev.migrator.backfill;

import dev.migrator.journal.Lease;
import dev.migrator.journal.Progress;
import dev.migrator.journal.ProgressJournal;
import dev.migrator.postgres.CatalogReader;
import dev.migrator.postgres.Database;
import dev.migrator.postgres.RangeSql;
import dev.migrator.postgres.SqlState;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Brings the rows over that were there before the triggers.
 *
 * <p>Why no row is missed, although rows move while this goes on: every version of a row that is
 * written while the triggers are there agrees on both sides (see the triggers). A row that does not
 * is therefore a version from before, and lies where it lay when the triggers were committed: below
 * the size that the table had then, which is at most the size read here. One pass over those blocks
 * meets it, wherever other rows go meanwhile.
 */
public final class Backfill {

  private static final Logger logger = LoggerFactory.getLogger(Backfill.class);

  /** A single block that is not done within its limit so often gets a longer one each time. */
  private static final int PATIENT_ATTEMPTS = 5;

  private static final Duration LONGEST_LIMIT = Duration.ofSeconds(10);

  private static final long LOG_INTERVAL = TimeUnit.SECONDS.toNanos(10);

  private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(2);

  private final Database database;

  private final Lease lease;

  private final ProgressJournal journal;

  private final Duration target;

  private final Duration lockBudget;

  private final Interruption interruption;

  private final Contention contention;

  private final boolean undo;

  private int failures;

  public Backfill(RangeWork work) {
    this.database = work.database();
    this.lease = work.lease();
    this.journal = new ProgressJournal(database);
    this.target = work.target();
    this.lockBudget = work.lockBudget();
    this.interruption = work.interruption();
    this.contention = work.contention();
    this.undo = work.undo();
  }

  /**
   * Works until all is done, or until told to end.
   *
   * @return whether all is done
   */
  public boolean run(String migration, RangeSql sql) {
    Progress progress = begin(migration, sql);
    RangeSize size = new RangeSize(target);
    Rate rate = new Rate();
    long next = progress.nextBlock();
    long logged = System.nanoTime();
    long pause = 0;
    while (next < progress.endBlock()) {
      if (interruption.isRequested()) {
        return false;
      }
      long first = next;
      long end = Math.min(progress.endBlock(), first + size.blocks());
      long start = System.nanoTime();
      try {
        boolean goOn = range(migration, sql, first, end, rate);
        size.took(System.nanoTime() - start);
        next = end;
        pause = 0;
        failures = 0;
        contention.over();
        if (!goOn) {
          return next >= progress.endBlock();
        }
      } catch (DataAccessException | TransactionException ex) {
        if (SqlState.isData(ex)) {
          if (end - first == 1) {
            throw new UncarriedRowsException(
                sql.name(), new UncarriedRows(database, sql).from(first, progress.endBlock()));
          }
          size.single();
          continue;
        }
        if (!SqlState.isContention(ex)) {
          throw ex;
        }
        // A row of this range is locked by the application. It is never waited for beyond the
        // budget, since the rows written so far would stay locked as well.
        size.failed();
        failures++;
        contention.met();
        pause = Math.min(LONGEST_PAUSE, Math.max(TimeUnit.MILLISECONDS.toNanos(20), pause * 2));
        logger.debug(
            "{}: the blocks {} to {} of {} are held up by another transaction; next try in {} ms",
            migration,
            first,
            end,
            sql.name(),
            TimeUnit.NANOSECONDS.toMillis(pause));
        LockSupport.parkNanos(pause);
      }
      if (System.nanoTime() - logged > LOG_INTERVAL) {
        logged = System.nanoTime();
        logger.info(
            "{}: backfill of {} at {} of {} blocks, {} rows/s",
            migration,
            sql.name(),
            next,
            progress.endBlock(),
            Math.round(rate.perSecond()));
      }
    }
    return true;
  }

  static Duration limit(Duration target, Duration lockBudget, int failures) {
    Duration limit = target.plus(lockBudget);
    for (int i = PATIENT_ATTEMPTS; i < Math.min(failures, PATIENT_ATTEMPTS + 6); i++) {
      limit = limit.multipliedBy(2);
    }
    return (limit.compareTo(LONGEST_LIMIT) < 0) ? limit : LONGEST_LIMIT;
  }

  private Progress begin(String migration, RangeSql sql) {
    return database.inTransaction(
        () -> {
          lease.check();
          return journal
              .read(migration)
              .orElseGet(
                  () -> {
                    long blocks = new CatalogReader(database).blocks(sql.table());
                    journal.begin(migration, blocks, sql.estimatedRows());
                    return journal.read(migration).orElseThrow();
                  });
        });
  }

  /** The rows and the cursor are committed together, so that a restart goes on exactly here. */
  private boolean range(String migration, RangeSql sql, long first, long end, Rate rate) {
    return database.inTransaction(
        () -> {
          // The rows written so far stay locked while the next one is waited for, so the whole
          // range
          // has one limit, not each of its waits.
          database.limits(lockBudget, limit(target, lockBudget, failures));
          lease.check();
          database.execute(sql.mark());
          long rows = database.update(sql.update(first, end));
          return journal.advance(migration, end, rows, rate.after(rows), undo);
        });
  }
}
