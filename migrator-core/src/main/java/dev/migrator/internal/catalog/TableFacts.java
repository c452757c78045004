package dev.migrator.internal.catalog;

import dev.migrator.internal.sql.Identifiers;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the catalog holds about one table.
 *
 * @param oid its object id
 * @param schema its schema
 * @param name its name
 * @param kind what kind of relation it is
 * @param root the table that it is a partition of, at whatever depth; {@code null} if it is none
 * @param inherits whether it has a parent or children by inheritance, which partitions do not count
 *     as
 * @param partitionKeys the columns that it or one of its partitions is partitioned by; empty if it
 *     is not partitioned
 * @param owned whether the current role may alter it
 * @param owner the name of its owner
 * @param role the current role
 * @param hidesRows whether row security hides rows from the current role
 * @param estimatedRows how many rows it has by its statistics, all partitions together; 0 if it was
 *     never analysed
 * @param serverVersion the version of the server it is on, such as 180001
 * @param columns its columns, in their order
 */
public record TableFacts(
    long oid,
    String schema,
    String name,
    Kind kind,
    @Nullable String root,
    boolean inherits,
    List<String> partitionKeys,
    boolean owned,
    String owner,
    String role,
    boolean hidesRows,
    long estimatedRows,
    int serverVersion,
    List<ColumnFacts> columns) {

  /** Kinds of relations. */
  public enum Kind {
    TABLE("a table"),
    PARTITIONED("a partitioned table"),
    FOREIGN("a foreign table"),
    VIEW("a view"),
    MATERIALIZED_VIEW("a materialized view"),
    SEQUENCE("a sequence"),
    INDEX("an index"),
    TYPE("a composite type"),
    OTHER("a relation of another kind");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    @Override
    public String toString() {
      return label;
    }
  }

  public TableFacts {
    partitionKeys = List.copyOf(partitionKeys);
    columns = List.copyOf(columns);
  }

  public Optional<ColumnFacts> column(String column) {
    return columns.stream().filter(it -> it.name().equals(column)).findFirst();
  }

  /** The same with other columns. */
  public TableFacts with(List<ColumnFacts> others) {
    return new TableFacts(
        oid,
        schema,
        name,
        kind,
        root,
        inherits,
        partitionKeys,
        owned,
        owner,
        role,
        hidesRows,
        estimatedRows,
        serverVersion,
        others);
  }

  /** The same with what its partitions or children, or those above it, add to it. */
  TableFacts in(TableTree tree) {
    return new TableFacts(
        oid,
        schema,
        name,
        kind,
        tree.root(),
        inherits,
        tree.partitionKeys(),
        owned,
        owner,
        role,
        hidesRows,
        tree.estimatedRows(),
        serverVersion,
        columns);
  }

  public boolean partitioned() {
    return kind == Kind.PARTITIONED;
  }

  public String quoted() {
    return Identifiers.quote(schema, name);
  }

  @Override
  public String toString() {
    return schema + "." + name;
  }
}
