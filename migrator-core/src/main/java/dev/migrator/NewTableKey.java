package dev.migrator;

import dev.migrator.internal.Names;
import dev.migrator.operation.CreateTable;
import java.util.List;

/** The referring side of a foreign key of a new table that needs the other one. */
public final class NewTableKey {

  private final TableStage before;

  private final String name;

  private final List<String> columns;

  NewTableKey(TableStage before, String name, List<String> columns) {
    this.before = before;
    this.name = name;
    this.columns = List.copyOf(columns);
  }

  /**
   * Names what is referred to, in a table to be found on the search path, or in the new table
   * itself.
   *
   * @param parent the literal name of the table, without a schema
   * @param column a column of it, with a unique key on it
   * @param more further columns, if the key has more than one
   * @return the migration with that foreign key
   */
  public TableCreated.KeyAdded references(String parent, String column, String... more) {
    return references(new TableName(null, parent), column, more);
  }

  /**
   * Names what is referred to, in a table that is named with its schema.
   *
   * @param parent the table
   * @param column a column of it, with a unique key on it
   * @param more further columns, if the key has more than one
   * @return the migration with that foreign key
   */
  public TableCreated.KeyAdded references(TableName parent, String column, String... more) {
    return before.with(
        new CreateTable.ForeignKey(
            name, columns, parent, Names.columns(column, more), OnDelete.NO_ACTION));
  }
}
