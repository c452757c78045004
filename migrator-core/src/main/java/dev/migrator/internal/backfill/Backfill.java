package dev.migrator.internal.backfill;

import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.RangeSql;
import java.util.List;
import java.util.Optional;

/**
 * Brings the rows over that were there before the triggers. The leader deals the table out and
 * waits for the workers, which may be those of any instance.
 *
 * <p>Why no row is missed, although rows move while this goes on: every version of a row that is
 * written while the triggers are there agrees on both sides (see the triggers). A row that does not
 * is therefore a version from before, and lies where it lay when the triggers were committed: below
 * the size that the table had then, which is at most the size read here. Going once over those
 * blocks meets it, wherever other rows go meanwhile and whoever brings them over. A block counts as
 * done only if it has no such row left, or those it has are noted in the same transaction: as
 * locked, to be come back to, or as rows that cannot be brought over.
 *
 * <p>A partition that is attached later gets the triggers in the transaction that attaches it, so
 * the same holds for it from then on. It is dealt out when it is seen; whether one has come is
 * looked at in the transaction that says that all is done.
 */
public final class Backfill {

  private static final int NAMED = 20;

  /** How often rows are tried that could not be brought over. */
  private static final int ATTEMPTS = 2;

  private final Database database;

  private final RangeWork work;

  private final ProgressStore journal;

  private final Quarantine quarantine;

  public Backfill(RangeWork work) {
    this.work = work;
    this.database = work.database();
    this.journal = new ProgressStore(database);
    this.quarantine = new Quarantine(database);
  }

  /**
   * Works until all is done, or until told to end. If all was done before, what has come since is.
   *
   * @return whether all is done
   * @throws UncopiedRowsException if there are rows that cannot be brought over; all others are
   */
  public boolean run(String migration, RangeSql sql) {
    ChunkAllocator deal = new ChunkAllocator(work, work(migration, sql));
    for (int attempt = 1; ; attempt++) {
      Optional<Boolean> open = begin(migration, sql, deal);
      if (open.isEmpty()) {
        return false;
      }
      if (open.get() && !carry(migration, deal)) {
        return false;
      }
      List<String> uncarried = database.inTransaction(() -> quarantine.first(migration, NAMED));
      if (uncarried.isEmpty()) {
        return true;
      }
      // Some of them may have been mended while the others were brought over.
      if (attempt == ATTEMPTS) {
        long count = database.inTransaction(() -> quarantine.count(migration));
        throw UncopiedRowsException.of(sql.name(), uncarried, count);
      }
    }
  }

  private boolean carry(String migration, ChunkAllocator deal) {
    while (deal.rest().isPresent() && work.crew().finish(migration, work)) {
      boolean done =
          database.inTransaction(
              () -> {
                work.lease().check();
                if (!deal.left().isEmpty()) {
                  return false;
                }
                journal.close(migration, BackfillTask.Kind.COPY);
                return true;
              });
      if (done) {
        work.contention().over();
        return true;
      }
    }
    return false;
  }

  /** Opens all rows to be gone over once more, after a verification that found differences. */
  public void anew(String migration, RangeSql sql) {
    database.inTransaction(
        () -> {
          work.lease().check();
          journal.open(work(migration, sql));
        });
  }

  /** Returns whether there is anything to do; empty if told to end before. */
  private Optional<Boolean> begin(String migration, RangeSql sql, ChunkAllocator deal) {
    return ShortLockAttempt.of(
        work,
        () -> {
          work.lease().check();
          Progress before = journal.read(migration).orElse(null);
          if (before == null || (before.work() == null && before.finishedAt() == null)) {
            journal.begin(migration, sql.estimatedRows());
            journal.open(work(migration, sql));
            return true;
          }
          if (before.work() == BackfillTask.Kind.COPY) {
            // What was given up on may have been mended.
            quarantine.release(migration);
            return true;
          }
          if (before.work() == null && quarantine.count(migration) + deal.left().size() > 0) {
            journal.reopen(work(migration, sql));
            quarantine.release(migration);
            return true;
          }
          return false;
        });
  }

  private BackfillTask work(String migration, RangeSql sql) {
    return new BackfillTask(migration, BackfillTask.Kind.COPY, sql, work.undo());
  }
}
