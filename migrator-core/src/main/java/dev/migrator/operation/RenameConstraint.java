package dev.migrator.operation;

import dev.migrator.Phase;
import dev.migrator.TableName;
import dev.migrator.internal.Names;

/**
 * Another name for a constraint. See {@link dev.migrator.OnTable#renameConstraint}.
 *
 * @param table the table
 * @param name its literal name
 * @param other the literal name that it gets
 * @param contract whether it waits until every release declares it
 */
public record RenameConstraint(TableName table, String name, String other, boolean contract)
    implements Operation {

  /** Checks the names. */
  public RenameConstraint {
    Names.check("constraint", name);
    Names.check("constraint", other);
  }

  @Override
  public Phase last() {
    return contract ? Phase.CONTRACT : Phase.EXPAND;
  }
}
