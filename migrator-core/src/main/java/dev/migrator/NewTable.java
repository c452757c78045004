package dev.migrator;

import dev.migrator.operation.CreateTable;
import java.util.List;

/** A new table that needs its first column. */
public final class NewTable {

  private final MigrationBuilder before;

  private final TableName table;

  NewTable(MigrationBuilder before, TableName table) {
    this.before = before;
    this.table = table;
  }

  /**
   * Adds the first column.
   *
   * @param name the literal name of the column
   * @param type its type as SQL writes it, such as {@code "varchar(80)"}
   * @return a migration that ends at {@link Phase#EXPAND}, and its continuation
   */
  public TableCreated.ColumnDefined column(String name, String type) {
    return new TableStage(
            before,
            new CreateTable(table, List.of(), List.of(), List.of(), List.of(), List.of(), null))
        .column(name, type);
  }
}
