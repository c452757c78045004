package dev.migrator.operation;

import dev.migrator.Phase;
import dev.migrator.TableName;
import dev.migrator.internal.Names;

/**
 * An index that is dropped. See {@link dev.migrator.OnTable#dropIndex}.
 *
 * @param table the table
 * @param name the literal name of the index
 */
public record DropIndex(TableName table, String name) implements Operation {

  /** Checks the name. */
  public DropIndex {
    Names.check("index", name);
  }

  @Override
  public Phase last() {
    return Phase.CONTRACT;
  }
}
