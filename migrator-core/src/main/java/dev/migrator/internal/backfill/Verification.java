package dev.migrator.internal.backfill;

import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.RangeSql;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Compares both sides of every row, range by range, each in a snapshot of its own, so that no old
 * snapshot keeps vacuum from its work.
 *
 * <p>Why ranges suffice although rows move: what disagrees has not moved since the triggers were
 * made (see {@link Backfill}), so it cannot slip from a range that is still to come into one that
 * is done. Where rows can move otherwise, because a table is rewritten or a partition is attached
 * anew, its blocks are dealt out anew. The exception is a row that a transform fails on, which any
 * writer of the old side can make at any time, also behind this; before the old side goes they are
 * counted in one snapshot.
 */
public final class Verification {

  private final Database database;

  private final RangeWork work;

  private final ProgressStore journal;

  public Verification(RangeWork work) {
    this.work = work;
    this.database = work.database();
    this.journal = new ProgressStore(database);
  }

  /**
   * Works until all is compared, or until told to end.
   *
   * @return how many rows disagree; empty if told to end before
   */
  public OptionalLong run(String migration, RangeSql sql) {
    return prove(work(migration, sql), true);
  }

  /** The same for what belongs to the table by now and was not compared when all the rest was. */
  public OptionalLong rest(String migration, RangeSql sql) {
    return prove(work(migration, sql), false);
  }

  private OptionalLong prove(BackfillTask prove, boolean anew) {
    String migration = prove.migration();
    ChunkAllocator deal = new ChunkAllocator(work, prove);
    Optional<Boolean> open = begin(prove, deal, anew);
    if (open.isEmpty()) {
      return OptionalLong.empty();
    }
    boolean done = !open.get();
    while (!done) {
      if (deal.rest().isEmpty() || !work.crew().finish(migration, work)) {
        return OptionalLong.empty();
      }
      done =
          database.inTransaction(
              () -> {
                work.lease().check();
                if (!deal.left().isEmpty()) {
                  return false;
                }
                journal.close(migration, BackfillTask.Kind.VERIFY);
                return true;
              });
    }
    work.contention().over();
    return database.inTransaction(
        () -> OptionalLong.of(journal.read(migration).orElseThrow().rowsDiffering()));
  }

  /** Returns whether there is anything to do; empty if told to end before. */
  private Optional<Boolean> begin(BackfillTask prove, ChunkAllocator deal, boolean anew) {
    return ShortLockAttempt.of(
        work,
        () -> {
          work.lease().check();
          Progress before = journal.read(prove.migration()).orElseThrow();
          if (before.work() == BackfillTask.Kind.VERIFY) {
            return true;
          }
          if (anew) {
            journal.open(prove);
          } else if (deal.left().isEmpty()) {
            return false;
          } else {
            journal.reopen(prove);
          }
          return true;
        });
  }

  private BackfillTask work(String migration, RangeSql sql) {
    return new BackfillTask(migration, BackfillTask.Kind.VERIFY, sql, work.undo());
  }
}
