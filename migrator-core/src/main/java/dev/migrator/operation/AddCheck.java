package dev.migrator.operation;

import dev.migrator.TableName;
import dev.migrator.internal.Names;

/**
 * A new CHECK constraint. See {@link dev.migrator.OnTable#addCheck}.
 *
 * @param table the table
 * @param name the literal name of the constraint
 * @param expression what holds for every row, as SQL writes it
 */
public record AddCheck(TableName table, String name, String expression) implements Operation {

  /** Checks the name. */
  public AddCheck {
    Names.check("constraint", name);
  }
}
