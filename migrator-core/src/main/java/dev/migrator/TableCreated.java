package dev.migrator;

/**
 * A new table, of which more can be said.
 *
 * <pre>{@code
 * Migration.define("2026-11-26-invoices")
 *     .createTable("invoice")
 *     .column("id", "bigint")
 *     .identity()
 *     .column("number", "text")
 *     .notNull()
 *     .primaryKey("id")
 *     .unique("invoice_number", "number");
 * }</pre>
 */
public sealed interface TableCreated extends Migration.Declared
    permits TableCreated.ColumnDefined, TableCreated.KeyAdded {

  /**
   * Adds one more column.
   *
   * @param name the literal name of the column
   * @param type its type as SQL writes it
   * @return the migration with that column
   */
  ColumnDefined column(String name, String type);

  /**
   * Makes columns the primary key, which makes them NOT NULL.
   *
   * @param column a column that was declared before
   * @param more further columns, if the key has more than one
   * @return the migration with that key
   */
  TableCreated primaryKey(String column, String... more);

  /**
   * Adds a unique constraint.
   *
   * @param name the literal name of the constraint and of its index
   * @param column a column that was declared before
   * @param more further columns, if only together they are unique
   * @return the migration with that constraint
   */
  TableCreated unique(String name, String column, String... more);

  /**
   * Adds a CHECK constraint.
   *
   * @param name the literal name of the constraint
   * @param expression an SQL expression over the columns of a row, named without the table
   * @return the migration with that constraint
   */
  TableCreated check(String name, String expression);

  /**
   * Adds a foreign key. The table that it refers to is locked against writes for a moment, within
   * the lock budget.
   *
   * @param name the literal name of the constraint
   * @param column a column that was declared before
   * @param more further columns, if the key has more than one
   * @return what to say next: the table it refers to
   */
  NewTableKey foreignKey(String name, String column, String... more);

  /**
   * Describes the table.
   *
   * @param text the comment
   * @return the migration with that comment
   */
  TableCreated tableComment(String text);

  /** A column of a new table, of which more can be said. */
  sealed interface ColumnDefined extends TableCreated permits TableStage {

    /**
     * Lets the column refuse NULL.
     *
     * @return the migration with that column
     */
    ColumnDefined notNull();

    /**
     * Says what an insert that does not name the column gives it.
     *
     * @param expression an SQL expression without columns, such as {@code "'open'"} or {@code
     *     "now()"}
     * @return the migration with that column
     */
    ColumnDefined defaultTo(String expression);

    /**
     * Has a sequence give numbers to inserts that do not name the column.
     *
     * @return the migration with that column
     */
    ColumnDefined identity();

    /**
     * Has a sequence give the numbers, and refuses an insert that gives one.
     *
     * @return the migration with that column
     */
    ColumnDefined identityAlways();

    /**
     * Describes the column.
     *
     * @param text the comment
     * @return the migration with that column
     */
    ColumnDefined comment(String text);
  }

  /** A foreign key of a new table, of which more can be said. */
  sealed interface KeyAdded extends TableCreated permits TableStage {

    /**
     * Says what becomes of the rows when what they refer to is deleted.
     *
     * @param rule the rule; {@link OnDelete#NO_ACTION} unless given
     * @return the migration with that rule
     */
    KeyAdded onDelete(OnDelete rule);
  }
}
