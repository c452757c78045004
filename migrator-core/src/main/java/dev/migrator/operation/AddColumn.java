package dev.migrator.operation;

import dev.migrator.Phase;
import dev.migrator.TableName;
import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.Names;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A new column with more than a type. See {@link dev.migrator.OnTable#addColumn(String, String,
 * java.util.function.UnaryOperator)}.
 *
 * @param table the table
 * @param name the literal name of the column
 * @param type its type as SQL writes it
 * @param defaultValue its default, as SQL writes it; {@code null} if it has none
 * @param notNull whether it is NOT NULL
 * @param identity whether the server numbers its rows
 * @param comment its comment; {@code null} if it has none
 */
public record AddColumn(
    TableName table,
    String name,
    String type,
    @Nullable String defaultValue,
    boolean notNull,
    boolean identity,
    @Nullable String comment)
    implements Operation {

  /** Checks that the parts fit each other. */
  public AddColumn {
    Names.check("column", name);
    if (type.isBlank()) {
      throw new InvalidMigrationException(
          ErrorCode.TEXT_MISSING,
          "the new column \"%s\" has an empty type; give it one, such as \"text\"".formatted(name));
    }
    if (identity && defaultValue != null) {
      throw new InvalidMigrationException(
          ErrorCode.OPTIONS_CONTRADICT,
          "the new column \"%s\" has both identity() and defaultValue(…); an identity column has its sequence for a default, so leave one of them out"
              .formatted(name));
    }
    if (notNull && !identity && defaultValue == null) {
      throw new InvalidMigrationException(
          ErrorCode.NOT_NULL_WITHOUT_DEFAULT,
          "the new column \"%s\" is notNull() without defaultValue(…): every insert of an older release would fail, as would the rows that are there; give it a default, or add it nullable and declare setNotNull(\"%s\") in a later release"
              .formatted(name, name));
    }
  }

  @Override
  public Phase last() {
    return (defaultValue == null) ? Phase.EXPAND : Phase.BACKFILL;
  }

  @Override
  public List<String> addedColumns() {
    return List.of(name);
  }
}
