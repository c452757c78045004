package dev.migrator.run;

import static dev.migrator.run.TableResolver.invalid;

import dev.migrator.AddCheck;
import dev.migrator.Recipe;
import dev.migrator.SetNotNull;
import dev.migrator.plan.Declaration;
import dev.migrator.postgres.Attachment;
import dev.migrator.postgres.ColumnFacts;
import dev.migrator.postgres.Database;
import dev.migrator.postgres.ObjectNames;
import dev.migrator.postgres.PartitionReader;
import dev.migrator.postgres.TableFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Refuses what a change of columns would break or lose on a partitioned table. */
final class PartitionCheck {

  private final PartitionReader reader;

  PartitionCheck(Database database) {
    this.reader = new PartitionReader(database);
  }

  /** To be called in a transaction. */
  void check(Declaration declaration, TableFacts table, List<ColumnFacts> oldSide) {
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
  void check(Declaration declaration, TableFacts table, Recipe recipe, boolean first) {
    List<String> own;
    if (recipe instanceof SetNotNull it) {
      own = first ? reader.notNull(table.oid(), it.column()) : List.of();
    } else if (recipe instanceof AddCheck it) {
      own = first ? reader.constraints(table.oid(), it.name()) : List.of();
    } else {
      throw invalid(
          declaration,
          "%s is partitioned, and of the recipes only setNotNull and addCheck are supported for such a table; make the index or constraint on its partitions one by one"
              .formatted(table));
    }
    if (!own.isEmpty()) {
      throw invalid(
          declaration,
          "partitions of %s have it already, and taking it back would take theirs: %s; drop it there first"
              .formatted(table, String.join("; ", own)));
    }
  }

  /** A check goes to all partitions by itself; nothing else does without blocking writers. */
  static void refuseAttachments(
      Declaration declaration, TableFacts table, List<Attachment> attachments) {
    List<String> others =
        attachments.stream()
            .filter(it -> it.kind() != Attachment.Kind.CHECK)
            .map(
                it -> it.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " " + it.name())
            .toList();
    if (!others.isEmpty()) {
      throw invalid(
          declaration,
          "%s is partitioned, where these cannot be carried to the new column yet: %s; drop them first, and make them on the new column after the change"
              .formatted(table, String.join("; ", others)));
    }
  }
}
