package dev.migrator.operation;

import dev.migrator.Phase;
import dev.migrator.TableName;
import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.Names;

/**
 * A column gets a wider type. See {@link dev.migrator.OnTable#changeType}.
 *
 * @param table the table
 * @param column the literal name of the column
 * @param type its new type as SQL writes it
 */
public record ChangeType(TableName table, String column, String type) implements Operation {

  /** Checks the name and that the type is not empty. */
  public ChangeType {
    Names.check("column", column);
    if (type.isBlank()) {
      throw new InvalidMigrationException(
          ErrorCode.TEXT_MISSING,
          "the new type of the column \"%s\" is empty; name one, such as \"text\""
              .formatted(column));
    }
  }

  @Override
  public Phase last() {
    return Phase.EXPAND;
  }
}
