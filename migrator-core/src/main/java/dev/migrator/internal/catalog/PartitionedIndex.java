package dev.migrator.internal.catalog;

import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.IndexName;
import dev.migrator.internal.sql.ObjectNames;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An index of a partitioned table, which is built partition by partition, as nothing builds all of
 * it beside the running application.
 *
 * @param table the object id of the table
 * @param on the table, quoted
 * @param index its name
 * @param definition what follows USING, with every name qualified
 * @param names what its parts are called, by the object ids of their tables; all others get a name
 *     by rule
 * @param comment its comment
 */
public record PartitionedIndex(
    long table,
    String on,
    IndexName index,
    String definition,
    Map<Long, String> names,
    @Nullable String comment) {

  private static final String DROP = "DROP INDEX IF EXISTS ";

  public PartitionedIndex {
    names = Map.copyOf(names);
  }

  /**
   * Creates the index of the whole table. The server takes the matching index of each partition and
   * builds nothing, so only the catalog changes.
   */
  public String create() {
    return "CREATE INDEX %s ON %s USING %s"
        .formatted(Identifiers.quote(index.name()), on, definition);
  }

  /** Sets its comment; empty without one. */
  public List<String> sayComment() {
    return (comment == null)
        ? List.of()
        : List.of(
            "COMMENT ON INDEX %s IS %s".formatted(index.quoted(), Identifiers.literal(comment)));
  }

  /** Builds the part of one partition without blocking the application. */
  public String build(Partition partition) {
    return "CREATE INDEX CONCURRENTLY %s ON %s USING %s"
        .formatted(Identifiers.quote(part(partition).name()), partition.quoted(), definition);
  }

  /** Drops all of it. */
  public String drop() {
    return DROP + index.quoted();
  }

  /** The name of its part on one partition. */
  public IndexName part(Partition partition) {
    String given = names.get(partition.oid());
    return new IndexName(
        partition.schema(),
        (given != null)
            ? given
            : ObjectNames.part(index.name(), partition.name(), partition.oid()));
  }

  /** The message for one that exists, but not on all partitions. */
  public static String notWhole(IndexName index, String table) {
    return "the index %s of %s exists but is not valid, like one that was created ON ONLY the table; drop it, or attach the missing parts"
        .formatted(index.quoted(), table);
  }
}
