package dev.migrator.operation;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.Names;
import org.jspecify.annotations.Nullable;

/**
 * A column that a change adds.
 *
 * @param name its literal name
 * @param type its type as SQL writes it, or {@code null} for the type of the column it replaces
 */
public record NewColumn(String name, @Nullable String type) {

  /** Checks the name and that the type is not empty. */
  public NewColumn {
    Names.check("column", name);
    if (type != null && type.isBlank()) {
      throw new InvalidMigrationException(
          ErrorCode.TEXT_MISSING,
          "the new column \"%s\" has an empty type; give it one, such as \"text\"".formatted(name));
    }
    if (type != null) {
      Names.expression("the type of the new column \"%s\"".formatted(name), type);
    }
  }
}
