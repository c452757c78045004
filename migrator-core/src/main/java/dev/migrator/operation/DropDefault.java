package dev.migrator.operation;

import dev.migrator.Phase;
import dev.migrator.TableName;
import dev.migrator.internal.Names;

/**
 * A column without its default. See {@link dev.migrator.OnTable#dropDefault}.
 *
 * @param table the table
 * @param column the literal name of the column
 */
public record DropDefault(TableName table, String column) implements Operation {

  /** Checks the names. */
  public DropDefault {
    Names.check("column", column);
  }

  @Override
  public Phase last() {
    return Phase.CONTRACT;
  }
}
