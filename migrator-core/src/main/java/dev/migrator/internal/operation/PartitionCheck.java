package dev.migrator.internal.operation;

import static dev.migrator.internal.operation.TableResolver.invalid;

import dev.migrator.AddCheck;
import dev.migrator.AddIndex;
import dev.migrator.DropIndex;
import dev.migrator.Recipe;
import dev.migrator.SetNotNull;
import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.catalog.Partition;
import dev.migrator.internal.catalog.PartitionReader;
import dev.migrator.internal.catalog.PartitionedIndex;
import dev.migrator.internal.catalog.PartitionedIndexReader;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.column.DependentObject;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.IndexName;
import dev.migrator.internal.sql.ObjectNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Refuses what a change of columns would break or lose on a partitioned table. */
public final class PartitionCheck {

  private final PartitionReader reader;

  private final PartitionedIndexReader indexes;

  public PartitionCheck(Database database) {
    this.reader = new PartitionReader(database);
    this.indexes = new PartitionedIndexReader(database);
  }

  /** To be called in a transaction. */
  public void check(Declaration declaration, TableFacts table, List<ColumnFacts> oldSide) {
    List<String> names = oldSide.stream().map(ColumnFacts::name).toList();
    List<String> keys = names.stream().filter(table.partitionKeys()::contains).toList();
    if (!keys.isEmpty()) {
      throw invalid(
          declaration,
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
      throw invalid(
          declaration,
          "partitions of %s differ from it in what hangs on the old column, and that would be lost or broken: %s; drop it, or give it to %s as a whole"
              .formatted(table, String.join("; ", own), table));
    }
  }

  /** The same for a recipe. To be called in a transaction. */
  public void check(Declaration declaration, TableFacts table, Recipe recipe, boolean first) {
    List<String> own;
    if (recipe instanceof SetNotNull it) {
      own = first ? reader.notNull(table.oid(), it.column()) : List.of();
    } else if (recipe instanceof AddCheck it) {
      own = first ? reader.constraints(table.oid(), it.name()) : List.of();
    } else if ((recipe instanceof AddIndex it && !it.isUnique()) || recipe instanceof DropIndex) {
      own = List.of(); // what it will be, or is, is not known yet
    } else {
      throw invalid(
          declaration,
          "%s is partitioned, and of the recipes only setNotNull, addCheck, dropIndex, and addIndex that is not unique, are supported for such a table; make the index or constraint on its partitions one by one"
              .formatted(table));
    }
    refuseOwn(declaration, table, own);
  }

  /**
   * That nothing of the partitions is in the way of an index on all of them. To be called in a
   * transaction.
   */
  public void check(Declaration declaration, TableFacts table, PartitionedIndex index) {
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
    refuseOwn(declaration, table, own);
    if (!taken.isEmpty()) {
      throw invalid(
          declaration,
          "the index would have a part on each partition of %s, and these names are taken: %s; choose another name"
              .formatted(table, String.join(", ", taken.stream().sorted().toList())));
    }
  }

  private static void refuseOwn(Declaration declaration, TableFacts table, List<String> own) {
    if (!own.isEmpty()) {
      throw invalid(
          declaration,
          "partitions of %s have it already, and taking it back would take theirs: %s; drop it there first"
              .formatted(table, String.join("; ", own)));
    }
  }

  /** Checks and plain indexes go to all partitions; nothing else does without blocking writers. */
  public static void refuseAttachments(
      Declaration declaration, TableFacts table, List<DependentObject> attachments) {
    List<String> others =
        attachments.stream()
            .filter(it -> it.kind() != DependentObject.Kind.CHECK)
            .filter(it -> it.kind() != DependentObject.Kind.INDEX || it.unique())
            .map(PartitionCheck::describe)
            .toList();
    if (!others.isEmpty()) {
      throw invalid(
          declaration,
          "%s is partitioned, where these cannot be carried to the new column yet: %s; drop them first, and make them on the new column after the change"
              .formatted(table, String.join("; ", others)));
    }
  }

  private static String describe(DependentObject attachment) {
    return (attachment.kind() == DependentObject.Kind.INDEX ? "unique " : "")
        + attachment.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ')
        + " "
        + attachment.name();
  }
}
