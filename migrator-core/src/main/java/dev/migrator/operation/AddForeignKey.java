package dev.migrator.operation;

import dev.migrator.OnDelete;
import dev.migrator.TableName;
import dev.migrator.internal.Names;
import java.util.List;

/**
 * A new foreign key. See {@link dev.migrator.OnTable#addForeignKey}.
 *
 * @param table the table that refers
 * @param name the literal name of the constraint
 * @param columns the literal names of the columns that refer
 * @param parent the table that is referred to
 * @param parentColumns the columns that are referred to, in the order of {@code columns}
 * @param onDelete what becomes of the rows when what they refer to is deleted
 */
public record AddForeignKey(
    TableName table,
    String name,
    List<String> columns,
    TableName parent,
    List<String> parentColumns,
    OnDelete onDelete)
    implements Operation {

  /** Checks the name and copies the lists. */
  public AddForeignKey {
    Names.check("constraint", name);
    columns = List.copyOf(columns);
    parentColumns = List.copyOf(parentColumns);
  }
}
