package dev.migrator.operation;

import dev.migrator.Phase;
import dev.migrator.TableName;
import dev.migrator.internal.Names;

/**
 * Another default of a column. See {@link dev.migrator.OnTable#setDefault}.
 *
 * @param table the table
 * @param column the literal name of the column
 * @param expression the default, as SQL writes it
 */
public record SetDefault(TableName table, String column, String expression) implements Operation {

  /** Checks the names. */
  public SetDefault {
    Names.check("column", column);
  }

  @Override
  public Phase last() {
    return Phase.EXPAND;
  }
}
