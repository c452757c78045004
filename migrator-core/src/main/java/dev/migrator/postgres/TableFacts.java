package dev.migrator.postgres;

import java.util.List;
import java.util.Optional;

/**
 * What the catalog says of one table.
 *
 * @param oid its object id
 * @param schema its schema
 * @param name its name
 * @param kind what kind of relation it is
 * @param inherits whether it has a parent or children
 * @param owned whether the current role may alter it
 * @param owner the name of its owner
 * @param role the current role
 * @param hidesRows whether row security hides rows from the current role
 * @param estimatedRows how many rows it has by its statistics; 0 if it was never analysed
 * @param serverVersion the version of the server it is on, such as 180001
 * @param columns its columns, in their order
 */
public record TableFacts(
    long oid,
    String schema,
    String name,
    Kind kind,
    boolean inherits,
    boolean owned,
    String owner,
    String role,
    boolean hidesRows,
    long estimatedRows,
    int serverVersion,
    List<ColumnFacts> columns) {

  /** Kinds of relations. */
  public enum Kind {
    TABLE,
    PARTITIONED,
    FOREIGN,
    VIEW,
    OTHER
  }

  public TableFacts {
    columns = List.copyOf(columns);
  }

  public Optional<ColumnFacts> column(String column) {
    return columns.stream().filter(it -> it.name().equals(column)).findFirst();
  }

  public String quoted() {
    return Identifiers.quote(schema, name);
  }

  @Override
  public String toString() {
    return schema + "." + name;
  }
}
