package dev.migrator.operation;

import dev.migrator.TableName;
import dev.migrator.internal.Names;
import java.util.List;

/**
 * A new unique constraint. See {@link dev.migrator.OnTable#addUnique}.
 *
 * @param table the table
 * @param name the literal name of the constraint and of its index
 * @param columns the literal names of the columns that together are unique
 */
public record AddUnique(TableName table, String name, List<String> columns) implements Operation {

  /** Checks the name and copies the list. */
  public AddUnique {
    Names.check("constraint", name);
    columns = List.copyOf(columns);
  }
}
