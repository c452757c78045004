package dev.migrator.operation;

import dev.migrator.Phase;
import dev.migrator.TableName;
import dev.migrator.internal.Names;

/**
 * A constraint that is dropped. See {@link dev.migrator.OnTable#dropConstraint}.
 *
 * @param table the table
 * @param name the literal name of the constraint
 * @param check whether it is a CHECK, which no release can rely on
 */
public record DropConstraint(TableName table, String name, boolean check) implements Operation {

  /** Checks the names. */
  public DropConstraint {
    Names.check("constraint", name);
  }

  @Override
  public Phase last() {
    return check ? Phase.EXPAND : Phase.CONTRACT;
  }
}
