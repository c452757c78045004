package dev.migrator.internal.backfill;

import dev.migrator.internal.catalog.CatalogReader;
import dev.migrator.internal.catalog.Leaf;
import dev.migrator.internal.sql.Database;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Deals a table out to the workers of all instances, each of its partitions by itself. What belongs
 * to the table is looked at again until nothing new is found, so that partitions may come and go.
 */
final class ChunkAllocator {

  private final RangeWork with;

  private final Database database;

  private final BackfillTask work;

  private final ChunkStore chunks;

  ChunkAllocator(RangeWork with, BackfillTask work) {
    this.with = with;
    this.database = with.database();
    this.work = work;
    this.chunks = new ChunkStore(database);
  }

  /**
   * Deals out what is not dealt out yet. A partition that somebody has locked is left for the next
   * time, so that it does not keep the others.
   *
   * @return whether there are chunks of everything now; empty if told to end
   */
  Optional<Boolean> rest() {
    boolean all = true;
    for (Leaf leaf : database.inTransaction(this::left)) {
      if (with.interruption().isRequested()) {
        return Optional.empty();
      }
      all &= ShortLockAttempt.attempt(with, () -> out(leaf)).isPresent();
    }
    return Optional.of(all);
  }

  /** What is neither done nor dealt out as it is now. To be called in a transaction. */
  List<Leaf> left() {
    Set<String> dealt = new HashSet<>(chunks.marks(work.migration()));
    return new ProgressStore(database)
        .uncovered(work.migration(), work.kind(), work.sql().table()).stream()
            .filter(it -> !dealt.contains(it.mark()))
            .toList();
  }

  private boolean out(Leaf leaf) {
    with.lease().check();
    chunks.deal(work.migration(), leaf, new CatalogReader(database).blocks(leaf.oid()));
    return true;
  }
}
