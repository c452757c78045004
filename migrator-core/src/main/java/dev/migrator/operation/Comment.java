package dev.migrator.operation;

import dev.migrator.Phase;
import dev.migrator.TableName;
import dev.migrator.internal.Names;
import org.jspecify.annotations.Nullable;

/**
 * A comment on a table or one of its columns. See {@link dev.migrator.OnTable#comment(String)}.
 *
 * @param table the table
 * @param column the literal name of the column; {@code null} for the table itself
 * @param text the comment; empty if there shall be none
 */
public record Comment(TableName table, @Nullable String column, String text) implements Operation {

  /** Checks the names. */
  public Comment {
    if (column != null) {
      Names.check("column", column);
    }
  }

  @Override
  public Phase last() {
    return Phase.EXPAND;
  }
}
