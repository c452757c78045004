package dev.migrator.diff.internal.difference;

import dev.migrator.diff.internal.schema.Key;
import dev.migrator.diff.internal.schema.Reference;
import dev.migrator.diff.internal.schema.SchemaTable;
import dev.migrator.diff.internal.schema.TableId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Names of keys and indexes: those that the mapping gives, and readable ones for the others. */
final class ConstraintNames {

  private static final Pattern DIGEST = Pattern.compile("(?i)(fk|uk|idx)[0-9a-z]{20,}");

  private static final int LONGEST = 63;

  private ConstraintNames() {}

  static String of(TableId table, List<String> columns, String given, String kind) {
    if (!DIGEST.matcher(given).matches()) {
      return given;
    }
    String name = table.name() + "_" + String.join("_", columns) + "_" + kind;
    return name.getBytes(StandardCharsets.UTF_8).length > LONGEST ? given : name;
  }

  static Reference named(TableId table, Reference reference) {
    return new Reference(
        of(table, reference.columns(), reference.name(), "fkey"),
        reference.columns(),
        reference.parent(),
        reference.parentColumns(),
        reference.onDelete());
  }

  /** The same table with readable names, and without what refers to those that are not there. */
  static SchemaTable named(SchemaTable table, Set<TableId> there) {
    return new SchemaTable(
        table.id(),
        table.columns(),
        table.keys().stream()
            .map(
                it ->
                    new Key(
                        of(table.id(), it.columns(), it.name(), "key"), it.primary(), it.columns()))
            .toList(),
        table.references().stream()
            .filter(it -> there.contains(it.parent()) || it.parent().equals(table.id()))
            .map(it -> named(table.id(), it))
            .toList(),
        table.indexes(),
        List.of());
  }
}
