package dev.migrator.diff.internal.schema;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table.
 *
 * @param id its name
 * @param columns by their names, in their order
 * @param keys primary key, unique constraints and unique indexes
 * @param references foreign keys
 * @param indexes those that are not unique
 * @param checks those on one column
 */
public record SchemaTable(
    TableId id,
    Map<String, SchemaColumn> columns,
    List<Key> keys,
    List<Reference> references,
    List<Index> indexes,
    List<ColumnCheck> checks) {

  /** Copies what is given. */
  public SchemaTable {
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    keys = List.copyOf(keys);
    references = List.copyOf(references);
    indexes = List.copyOf(indexes);
    checks = List.copyOf(checks);
  }

  /** A column; {@code null} if there is none of that name. */
  public @Nullable SchemaColumn column(String name) {
    return columns.get(name);
  }

  /** Whether an index begins with these columns. */
  public boolean isIndexed(List<String> wanted) {
    return indexes.stream().anyMatch(it -> begins(it.columns(), wanted))
        || keys.stream().anyMatch(it -> begins(it.columns(), wanted));
  }

  private static boolean begins(List<String> columns, List<String> wanted) {
    return columns.size() >= wanted.size() && columns.subList(0, wanted.size()).equals(wanted);
  }
}
