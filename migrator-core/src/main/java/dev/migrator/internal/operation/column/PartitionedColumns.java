package dev.migrator.internal.operation.column;

import dev.migrator.error.ErrorCode;
import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.catalog.PartitionReader;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.internal.sql.ObjectNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Refuses what a change of columns would break or lose on a partitioned table. */
final class PartitionedColumns {

  private final Resolution resolution;

  private final PartitionReader reader;

  PartitionedColumns(Resolution resolution) {
    this.resolution = resolution;
    this.reader = resolution.partitions().reader();
  }

  void check(TableFacts table, List<ColumnFacts> oldSide) {
    List<String> names = oldSide.stream().map(ColumnFacts::name).toList();
    List<String> keys = names.stream().filter(table.partitionKeys()::contains).toList();
    if (!keys.isEmpty()) {
      throw resolution.invalid(
          ErrorCode.PARTITION_KEY,
          "%s is partitioned by %s, which can neither be dropped nor take another column's place; make a new partitioned table and move the rows"
              .formatted(table, String.join(", ", keys)));
    }
    List<String> own = new ArrayList<>(reader.own(table.oid(), names));
    reader.triggersBehind(table.oid(), ObjectNames.PREFIX).stream()
        .map(
            it ->
                "trigger "
                    + it
                    + " (its name sorts behind ours, so it could change the row unseen)")
        .forEach(own::add);
    if (!own.isEmpty()) {
      throw resolution.invalid(
          ErrorCode.PARTITIONS_DIFFER,
          "partitions of %s differ from it in what depends on the old column, and that would be lost or broken: %s; drop it, or give it to %s as a whole"
              .formatted(table, String.join("; ", own), table));
    }
  }

  /** Checks and plain indexes go to all partitions; nothing else does without blocking writers. */
  void checkDependents(TableFacts table, List<DependentObject> dependents) {
    List<String> others =
        dependents.stream()
            .filter(it -> it.kind() != DependentObject.Kind.CHECK)
            .filter(it -> it.kind() != DependentObject.Kind.INDEX || it.unique())
            .map(PartitionedColumns::describe)
            .toList();
    if (!others.isEmpty()) {
      throw resolution.invalid(
          ErrorCode.PARTITIONED_UNSUPPORTED,
          "%s is partitioned, where these cannot be copied to the new column yet: %s; drop them first, and make them on the new column after the change"
              .formatted(table, String.join("; ", others)));
    }
  }

  private static String describe(DependentObject object) {
    return (object.kind() == DependentObject.Kind.INDEX ? "unique " : "")
        + object.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ')
        + " "
        + object.name();
  }
}
