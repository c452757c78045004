package dev.migrator.internal.catalog;

import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.IndexName;
import java.util.List;
import java.util.Optional;

/**
 * A partition of a table, at whatever depth, and the indexes on it that are no parts of an index of
 * the table above it.
 *
 * @param oid its object id
 * @param schema its schema
 * @param name its name
 * @param leaf whether it has rows of its own, and no partitions
 * @param own those indexes
 */
public record Partition(long oid, String schema, String name, boolean leaf, List<Own> own) {

  public Partition {
    own = List.copyOf(own);
  }

  public String quoted() {
    return Identifiers.quote(schema, name);
  }

  /** Whether the server can take one of its own indexes for its part. */
  public boolean isReady() {
    return own.stream().anyMatch(it -> it.alike() && it.complete());
  }

  public Optional<Own> own(IndexName index) {
    return own.stream().filter(it -> it.name().equals(index.name())).findFirst();
  }

  /** Whether it is the same table, under the same name. */
  public boolean is(Partition other) {
    return oid == other.oid && schema.equals(other.schema) && name.equals(other.name);
  }

  @Override
  public String toString() {
    return schema + "." + name;
  }

  /**
   * An index of its own.
   *
   * @param oid its object id
   * @param name its name
   * @param complete whether it is complete and used
   * @param alike whether it is defined like the one that was asked for
   */
  public record Own(long oid, String name, boolean complete, boolean alike) {}
}
