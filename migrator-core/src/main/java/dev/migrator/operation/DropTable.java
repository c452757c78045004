package dev.migrator.operation;

import dev.migrator.Phase;
import dev.migrator.TableName;

/**
 * A table that is dropped. See {@link dev.migrator.OnTable#dropTable}.
 *
 * @param table the table
 */
public record DropTable(TableName table) implements Operation {

  @Override
  public Phase last() {
    return Phase.CONTRACT;
  }
}
