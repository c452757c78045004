package dev.migrator.internal.backfill;

import dev.migrator.internal.catalog.Leaf;
import dev.migrator.internal.catalog.LeafReader;
import dev.migrator.internal.catalog.TableSize;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.RangeSql;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Compares both sides of every row, range by range, each in a snapshot of its own, so that no old
 * snapshot keeps vacuum from its work.
 *
 * <p>Why ranges suffice although rows move: a row that differs has not moved since the triggers
 * were made (see {@link Backfill}), so it cannot slip from a range that is still to come into one
 * that is done. Where rows can move otherwise, because a table is rewritten or a partition is
 * attached anew, its blocks are allocated anew. The exception is a row that a transform fails on.
 * Any writer of the old side can make one at any time, also behind this; before the old side goes,
 * they are counted in one snapshot.
 */
public final class Verification {

  /** What takes longer is done range by range. */
  private static final Duration AT_ONCE = Duration.ofSeconds(1);

  private final Database database;

  private final RangeWork work;

  private final ProgressStore progress;

  public Verification(RangeWork work) {
    this.work = work;
    this.database = work.database();
    this.progress = new ProgressStore(database);
  }

  /**
   * Works until all is compared, or until told to end.
   *
   * @return how many rows differ; empty if told to end before
   */
  public OptionalLong run(String migration, RangeSql sql) {
    return verify(task(migration, sql), true);
  }

  /**
   * Compares all rows in one transaction of the leader, where they are no more than a first range,
   * and records it with what ends the step: the statement has one snapshot, which says what those
   * of ranges say, and sooner. Nobody is to help with it, and it is over before it could be slowed
   * down.
   *
   * @param finish recorded with it
   * @return whether both sides agree; if not, or if it cannot be done so, nothing has changed
   */
  public boolean atOnce(String migration, RangeSql sql, Runnable finish) {
    if (work.workers().worksByTheClock()) {
      return false;
    }
    // Who is in the way stays so for the ranges, which say when that is over.
    return ShortLockAttempt.attempt(work, () -> agreesAtOnce(migration, sql, finish)).orElse(false);
  }

  private boolean agreesAtOnce(String migration, RangeSql sql, Runnable finish) {
    database.limits(work.workers().timings().limits().tableSize(), AT_ONCE);
    work.lease().check();
    Progress before = progress.read(migration).orElse(null);
    LeafReader reader = new LeafReader(database);
    List<Leaf> leaves = reader.of(sql.table());
    boolean whole = leaves.size() == 1 && leaves.get(0).oid() == sql.table();
    long blocks = whole ? new TableSize(database).blocks(sql.table()) : Long.MAX_VALUE;
    if (before == null || before.work() != null || blocks > RangeSize.FIRST) {
      return false;
    }
    Leaf leaf = leaves.get(0);
    List<Long> counts = database.numbersLong(sql.of(leaf.oid(), leaf.quoted()).countAll());
    // What was read is locked by now. Before, its name could have become that of another table.
    if (counts.get(1) > 0 || !reader.of(sql.table()).equals(leaves)) {
      return false;
    }
    progress.comparedAtOnce(migration, counts.get(0), leaves);
    finish.run();
    return true;
  }

  /** The same for what belongs to the table by now and was not compared with all the rest. */
  public OptionalLong rest(String migration, RangeSql sql) {
    return verify(task(migration, sql), false);
  }

  private OptionalLong verify(BackfillTask task, boolean anew) {
    String migration = task.migration();
    ChunkAllocator allocator = new ChunkAllocator(work, task);
    Optional<Boolean> open = begin(task, allocator, anew);
    if (open.isEmpty()) {
      return OptionalLong.empty();
    }
    boolean done = !open.get();
    while (!done) {
      if (allocator.allocate().isEmpty() || !work.workers().finish(migration, work)) {
        return OptionalLong.empty();
      }
      done =
          database.inTransaction(
              () -> {
                work.lease().check();
                return allocator.unallocated().isEmpty()
                    && progress.close(migration, BackfillTask.Kind.VERIFY);
              });
    }
    work.contention().over();
    return database.inTransaction(
        () -> OptionalLong.of(progress.read(migration).orElseThrow().rowsDiffering()));
  }

  /** Returns whether there is anything to do; empty if told to end before. */
  private Optional<Boolean> begin(BackfillTask task, ChunkAllocator allocator, boolean anew) {
    return ShortLockAttempt.of(
        work,
        () -> {
          work.lease().check();
          Progress before = progress.read(task.migration()).orElseThrow();
          if (before.work() == BackfillTask.Kind.VERIFY) {
            progress.goOn(task);
            return true;
          }
          if (anew) {
            progress.open(task);
          } else if (allocator.unallocated().isEmpty()) {
            return false;
          } else {
            progress.reopen(task);
          }
          return true;
        });
  }

  private BackfillTask task(String migration, RangeSql sql) {
    return new BackfillTask(migration, BackfillTask.Kind.VERIFY, sql, work.undo());
  }
}
