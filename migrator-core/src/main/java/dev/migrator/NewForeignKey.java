package dev.migrator;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.Names;
import dev.migrator.operation.AddForeignKey;
import java.util.List;

/**
 * The referring side of a foreign key that needs the other one.
 *
 * <pre>{@code
 * Migration.define("2026-11-23-order-product")
 *     .table("orders")
 *     .addForeignKey("orders_product", "product_id")
 *     .references("product", "id");
 * }</pre>
 */
public final class NewForeignKey {

  private final MigrationBuilder before;

  private final TableName table;

  private final String name;

  private final List<String> columns;

  NewForeignKey(MigrationBuilder before, TableName table, String name, List<String> columns) {
    this.before = before;
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
  public Migration.ForeignKeyAdded references(String parent, String column, String... more) {
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
  public Migration.ForeignKeyAdded references(TableName parent, String column, String... more) {
    List<String> parentColumns = Names.columns(column, more);
    if (columns.size() != parentColumns.size()) {
      throw new InvalidMigrationException(
          ErrorCode.KEY_COLUMNS_DIFFER,
          "migration \"%s\": the foreign key \"%s\" has the columns %s, but refers to %s of %s; both sides need the same number"
              .formatted(before.id(), name, columns, parentColumns, parent));
    }
    return new ForeignKeyStage(
        before, new AddForeignKey(table, name, columns, parent, parentColumns, OnDelete.NO_ACTION));
  }
}
