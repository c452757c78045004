package dev.migrator.operation;

import dev.migrator.Phase;
import dev.migrator.TableName;
import dev.migrator.internal.Names;

/**
 * A column that may be NULL again. See {@link dev.migrator.OnTable#dropNotNull}.
 *
 * @param table the table
 * @param column the literal name of the column
 */
public record DropNotNull(TableName table, String column) implements Operation {

  /** Checks the names. */
  public DropNotNull {
    Names.check("column", column);
  }

  @Override
  public Phase last() {
    return Phase.EXPAND;
  }
}
