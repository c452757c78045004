package dev.migrator;

import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.Names;
import java.util.List;

/** A new foreign key. See {@link OnTable#addForeignKey}. */
public final class AddForeignKey implements Recipe {

  private final Referencing from;

  private final TableName parent;

  private final List<String> parentColumns;

  private final OnDelete onDelete;

  private AddForeignKey(
      Referencing from, TableName parent, List<String> parentColumns, OnDelete onDelete) {
    this.from = from;
    this.parent = parent;
    this.parentColumns = List.copyOf(parentColumns);
    this.onDelete = onDelete;
    if (from.columns.size() != parentColumns.size()) {
      throw new InvalidMigrationException(
          "migration \"%s\": the foreign key \"%s\" has the columns %s, but refers to %s of %s; both sides need the same number"
              .formatted(from.id, from.name, from.columns, parentColumns, parent));
    }
  }

  @Override
  public String id() {
    return from.id;
  }

  @Override
  public TableName table() {
    return from.table;
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
    return from.name;
  }

  /**
   * The columns that refer.
   *
   * @return their literal names
   */
  public List<String> columns() {
    return from.columns;
  }

  /**
   * The table that is referred to.
   *
   * @return its name, as declared
   */
  public TableName parent() {
    return parent;
  }

  /**
   * The columns that are referred to, in the order of {@link #columns()}.
   *
   * @return their literal names
   */
  public List<String> parentColumns() {
    return parentColumns;
  }

  /**
   * What becomes of the rows when what they refer to is deleted.
   *
   * @return the rule, {@link OnDelete#NO_ACTION} unless given
   */
  public OnDelete onDelete() {
    return onDelete;
  }

  /**
   * Says what becomes of the rows when what they refer to is deleted.
   *
   * @param rule the rule
   * @return the migration with that rule
   */
  public Recipe onDelete(OnDelete rule) {
    return new AddForeignKey(from, parent, parentColumns, rule);
  }

  @Override
  public String toString() {
    return "migration \"%s\" of table %s, which adds the foreign key \"%s\""
        .formatted(from.id, from.table, from.name);
  }

  /** The referring side of a foreign key that needs the other one. */
  public static final class Referencing {

    private final String id;

    private final TableName table;

    private final String name;

    private final List<String> columns;

    Referencing(String id, TableName table, String name, List<String> columns) {
      this.id = id;
      this.table = table;
      this.name = Names.check("constraint", name);
      this.columns = List.copyOf(columns);
    }

    /**
     * Names what is referred to, in a table to be found on the search path.
     *
     * @param parent the literal name of the table, without a schema
     * @param column a column of it, with a unique key on it
     * @param more further columns, if the key has more than one
     * @return a migration that ends at {@link Phase#BACKFILL}
     */
    public AddForeignKey references(String parent, String column, String... more) {
      return references(new TableName(null, parent), column, more);
    }

    /**
     * Names what is referred to, in a table that is named with its schema.
     *
     * @param parent the table
     * @param column a column of it, with a unique key on it
     * @param more further columns, if the key has more than one
     * @return a migration that ends at {@link Phase#BACKFILL}
     */
    public AddForeignKey references(TableName parent, String column, String... more) {
      return new AddForeignKey(this, parent, Names.columns(column, more), OnDelete.NO_ACTION);
    }
  }
}
