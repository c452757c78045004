package dev.migrator.internal.backfill;

import dev.migrator.internal.catalog.Leaf;
import dev.migrator.internal.catalog.TableSize;
import dev.migrator.internal.sql.Database;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Allocates a table to the workers of all instances, each of its partitions by itself. It looks
 * again at what belongs to the table until it finds nothing new, so that partitions may come and
 * go.
 */
final class ChunkAllocator {

  private final RangeWork work;

  private final Database database;

  private final BackfillTask task;

  private final AllocationStore allocations;

  ChunkAllocator(RangeWork work, BackfillTask task) {
    this.work = work;
    this.database = work.database();
    this.task = task;
    this.allocations = new AllocationStore(database);
  }

  /**
   * Allocates what is not allocated yet. A partition that somebody has locked is left for the next
   * time, so that it does not hold up the others.
   *
   * @return whether everything has chunks now; empty if told to end
   */
  Optional<Boolean> allocate() {
    boolean all = true;
    for (Leaf leaf : database.inTransaction(this::unallocated)) {
      if (work.interruption().isRequested()) {
        return Optional.empty();
      }
      all &= ShortLockAttempt.attempt(work, () -> allocate(leaf)).isPresent();
    }
    return Optional.of(all);
  }

  /** What is neither done nor allocated as it is now. To be called in a transaction. */
  List<Leaf> unallocated() {
    Set<String> allocated = new HashSet<>(allocations.marks(task.migration()));
    return new ProgressStore(database)
        .uncovered(task.migration(), task.kind(), task.sql().table()).stream()
            .filter(it -> !allocated.contains(it.mark()))
            .toList();
  }

  private boolean allocate(Leaf leaf) {
    work.lease().check();
    allocations.allocate(task.migration(), leaf, new TableSize(database).blocks(leaf.oid()));
    return true;
  }
}
