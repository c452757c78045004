package dev.migrator.internal.operation;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.catalog.Partition;
import dev.migrator.internal.catalog.PartitionReader;
import dev.migrator.internal.catalog.PartitionedIndex;
import dev.migrator.internal.catalog.PartitionedIndexReader;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.sql.IndexName;
import java.util.ArrayList;
import java.util.List;

/** Refuses what an operation would break or lose on a partitioned table. */
public final class PartitionCheck {

  private final Resolution resolution;

  private final PartitionedIndexReader indexes;

  PartitionCheck(Resolution resolution) {
    this.resolution = resolution;
    this.indexes = new PartitionedIndexReader(resolution.database());
  }

  public PartitionReader reader() {
    return new PartitionReader(resolution.database());
  }

  /** Of an operation that cannot be done on such a table without blocking writers. */
  public InvalidMigrationException unsupported(TableFacts table) {
    return resolution.invalid(
        ErrorCode.PARTITIONED_UNSUPPORTED,
        "%s is partitioned, and only setNotNull, addCheck, setDefault, dropDefault, comment, renameIndex, dropIndex, and addIndex that is not unique, are supported for such a table; make the index or constraint on its partitions one by one"
            .formatted(table));
  }

  /** That no partition has already what the whole table is to get. */
  public void refuseOwn(TableFacts table, List<String> own) {
    if (!own.isEmpty()) {
      throw resolution.invalid(
          ErrorCode.PARTITIONS_DIFFER,
          "partitions of %s have it already, and an undo would drop theirs: %s; drop it there first"
              .formatted(table, String.join("; ", own)));
    }
  }

  /** That nothing of the partitions is in the way of an index on all of them. */
  public void check(TableFacts table, PartitionedIndex index) {
    List<String> own = new ArrayList<>();
    List<String> taken = new ArrayList<>();
    for (Partition partition : indexes.partitions(index)) {
      partition.own().stream()
          .filter(Partition.Own::alike)
          .map(it -> "the index %s of the partition %s".formatted(it.name(), partition))
          .forEach(own::add);
      IndexName part = index.part(partition);
      if (indexes.isTaken(part)) {
        taken.add(part.name());
      }
    }
    refuseOwn(table, own);
    if (!taken.isEmpty()) {
      throw resolution.invalid(
          ErrorCode.NAME_TAKEN,
          "the index would have a part on each partition of %s, and these names are taken: %s; choose another name"
              .formatted(table, String.join(", ", taken.stream().sorted().toList())));
    }
  }
}
