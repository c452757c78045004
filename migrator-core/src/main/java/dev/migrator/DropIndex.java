package dev.migrator;

import dev.migrator.internal.Names;

/** An index that goes. See {@link OnTable#dropIndex}. */
public final class DropIndex implements Recipe {

  private final String id;

  private final TableName table;

  private final String name;

  DropIndex(String id, TableName table, String name) {
    this.id = id;
    this.table = table;
    this.name = Names.check("index", name);
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
    return Phase.CONTRACT;
  }

  /**
   * The name of the index.
   *
   * @return its literal name
   */
  public String name() {
    return name;
  }

  @Override
  public String toString() {
    return "migration \"%s\" of table %s, which drops the index \"%s\"".formatted(id, table, name);
  }
}
