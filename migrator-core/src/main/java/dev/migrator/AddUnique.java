package dev.migrator;

import dev.migrator.internal.Names;
import java.util.List;

/** A new unique constraint. See {@link OnTable#addUnique}. */
public final class AddUnique implements Recipe {

  private final String id;

  private final TableName table;

  private final String name;

  private final List<String> columns;

  AddUnique(String id, TableName table, String name, List<String> columns) {
    this.id = id;
    this.table = table;
    this.name = Names.check("constraint", name);
    this.columns = List.copyOf(columns);
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public TableName table() {
    return table;
  }

  @Override
  public Phase declares() {
    return Phase.BACKFILL;
  }

  /**
   * The name of the constraint and of its index.
   *
   * @return its literal name
   */
  public String name() {
    return name;
  }

  /**
   * The columns that together are unique.
   *
   * @return their literal names
   */
  public List<String> columns() {
    return columns;
  }

  @Override
  public String toString() {
    return "migration \"%s\" of table %s, which adds the unique constraint \"%s\""
        .formatted(id, table, name);
  }
}
