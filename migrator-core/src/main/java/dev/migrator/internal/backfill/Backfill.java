package dev.migrator.internal.backfill;

import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.RangeSql;
import java.util.List;
import java.util.Optional;

/**
 * Copies the rows that were there before the triggers. The leader allocates the table in chunks and
 * waits for the workers, which may be those of any instance.
 *
 * <p>Why no row is missed, although rows move while this goes on: every version of a row that is
 * written while the triggers are there agrees on both sides (see the triggers). A row that does not
 * is therefore a version from before, and lies where it lay when the triggers were committed: below
 * the size that the table had then, which is at most the size read here. One pass over those blocks
 * meets it, wherever other rows go meanwhile and whoever copies them. A block counts as done only
 * if it has no such row left, or those it has are recorded in the same transaction: as locked, to
 * be tried again, or as rows that cannot be copied.
 *
 * <p>A partition that is attached later gets the triggers in the transaction that attaches it, so
 * the same holds for it from then on. It is allocated when it is seen. The transaction that records
 * that all is done looks whether one has come.
 */
public final class Backfill {

  /** How often rows are tried that could not be copied. */
  private static final int ATTEMPTS = 2;

  private final Database database;

  private final RangeWork work;

  private final ProgressStore progress;

  private final Quarantine quarantine;

  public Backfill(RangeWork work) {
    this.work = work;
    this.database = work.database();
    this.progress = new ProgressStore(database);
    this.quarantine = new Quarantine(database);
  }

  /**
   * Copies until all is done, or until told to end. If all was done before, copies what has come
   * since.
   *
   * @return whether all is done
   * @throws UncopiedRowsException if there are rows that cannot be copied; all others are
   */
  public boolean run(String migration, RangeSql sql) {
    return run(migration, sql, false);
  }

  /**
   * The same for a step of its own, which copies all rows also if another step of the migration has
   * copied them in its way.
   */
  public boolean runStep(String migration, RangeSql sql) {
    return run(migration, sql, true);
  }

  private boolean run(String migration, RangeSql sql, boolean step) {
    ChunkAllocator allocator = new ChunkAllocator(work, task(migration, sql));
    for (int attempt = 1; ; attempt++) {
      Optional<Boolean> open = begin(migration, sql, allocator, step);
      if (open.isEmpty()) {
        return false;
      }
      if (open.get() && !copy(migration, allocator)) {
        return false;
      }
      List<String> uncopied = database.inTransaction(() -> quarantine.states(migration));
      if (uncopied.isEmpty()) {
        return true;
      }
      // Some of them may have been corrected while the others were copied.
      if (attempt == ATTEMPTS) {
        throw UncopiedRowsException.of(migration, sql.name(), uncopied);
      }
    }
  }

  private boolean copy(String migration, ChunkAllocator allocator) {
    while (allocator.allocate().isPresent() && work.workers().finish(migration, work)) {
      boolean done =
          database.inTransaction(
              () -> {
                work.lease().check();
                return allocator.unallocated().isEmpty()
                    && progress.close(migration, BackfillTask.Kind.COPY);
              });
      if (done) {
        work.contention().over();
        return true;
      }
    }
    return false;
  }

  /** Opens the copying of all rows once more, after a verification that found differences. */
  public void anew(String migration, RangeSql sql) {
    database.inTransaction(
        () -> {
          work.lease().check();
          progress.open(task(migration, sql));
        });
  }

  /** Returns whether there is anything to do; empty if told to end before. */
  private Optional<Boolean> begin(
      String migration, RangeSql sql, ChunkAllocator allocator, boolean step) {
    return ShortLockAttempt.of(
        work,
        () -> {
          work.lease().check();
          Progress before = progress.read(migration).orElse(null);
          if (before == null || (before.work() == null && before.finishedAt() == null)) {
            progress.begin(migration, sql.estimatedRows());
            progress.open(task(migration, sql));
            return true;
          }
          if (step && progress.isOfAnother(migration, sql)) {
            quarantine.release(migration);
            progress.copyAnew(task(migration, sql));
            return true;
          }
          if (before.work() == BackfillTask.Kind.COPY) {
            // Rows that could not be copied may have been corrected.
            quarantine.release(migration);
            progress.goOn(task(migration, sql));
            return true;
          }
          if (before.work() == null
              && quarantine.count(migration) + allocator.unallocated().size() > 0) {
            progress.reopen(task(migration, sql));
            quarantine.release(migration);
            return true;
          }
          return false;
        });
  }

  private BackfillTask task(String migration, RangeSql sql) {
    return new BackfillTask(migration, BackfillTask.Kind.COPY, sql, work.undo());
  }
}
