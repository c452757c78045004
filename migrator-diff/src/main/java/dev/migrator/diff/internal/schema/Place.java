package dev.migrator.diff.internal.schema;

/**
 * A column of a table.
 *
 * @param table the table
 * @param column the literal name of the column
 */
public record Place(TableId table, String column) {

  /** As people write it, also in their answers. */
  public String text() {
    return table.text() + "." + column;
  }
}
