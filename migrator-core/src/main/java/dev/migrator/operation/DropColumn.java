package dev.migrator.operation;

import dev.migrator.Phase;
import dev.migrator.TableName;
import dev.migrator.internal.Names;

/**
 * A column that is dropped, and that nothing replaces. See {@link dev.migrator.OnTable#dropColumn}.
 *
 * @param table the table
 * @param name the literal name of the column
 */
public record DropColumn(TableName table, String name) implements Operation {

  /** Checks the name. */
  public DropColumn {
    Names.check("column", name);
  }

  @Override
  public Phase last() {
    return Phase.CONTRACT;
  }
}
