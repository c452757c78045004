package dev.migrator.diff.internal.schema;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a database has.
 *
 * @param tables its tables
 * @param sequences by how much each goes on, without those of identity columns
 * @param enums the labels of each enum type, in their order
 * @param views what can be mapped in the place of a table, and is made by hand
 */
public record Schema(
    Map<TableId, SchemaTable> tables,
    Map<TableId, Long> sequences,
    Map<TableId, List<String>> enums,
    Set<TableId> views) {

  /** Copies what is given, in the order of the names. */
  public Schema {
    tables = Collections.unmodifiableMap(new TreeMap<>(tables));
    sequences = Collections.unmodifiableMap(new TreeMap<>(sequences));
    enums = Collections.unmodifiableMap(new TreeMap<>(enums));
    views = Set.copyOf(views);
  }

  /** A table; {@code null} if there is none of that name. */
  public @Nullable SchemaTable table(TableId id) {
    return tables.get(id);
  }
}
