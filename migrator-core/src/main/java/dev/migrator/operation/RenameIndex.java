package dev.migrator.operation;

import dev.migrator.Phase;
import dev.migrator.TableName;
import dev.migrator.internal.Names;

/**
 * Another name for an index. See {@link dev.migrator.OnTable#renameIndex}.
 *
 * @param table the table
 * @param name its literal name
 * @param other the literal name that it gets
 */
public record RenameIndex(TableName table, String name, String other) implements Operation {

  /** Checks the names. */
  public RenameIndex {
    Names.check("index", name);
    Names.check("index", other);
  }

  @Override
  public Phase last() {
    return Phase.EXPAND;
  }
}
