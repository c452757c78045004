package dev.migrator;

import dev.migrator.internal.Names;

/** A new CHECK constraint. See {@link OnTable#addCheck}. */
public final class AddCheck implements Recipe {

  private final String id;

  private final TableName table;

  private final String name;

  private final String expression;

  AddCheck(String id, TableName table, String name, String expression) {
    this.id = id;
    this.table = table;
    this.name = Names.check("constraint", name);
    this.expression = Names.expression(id, "addCheck", expression);
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
   * The name of the constraint.
   *
   * @return its literal name
   */
  public String name() {
    return name;
  }

  /**
   * What holds for every row.
   *
   * @return an SQL expression
   */
  public String expression() {
    return expression;
  }

  @Override
  public String toString() {
    return "migration \"%s\" of table %s, which adds the check \"%s\"".formatted(id, table, name);
  }
}
