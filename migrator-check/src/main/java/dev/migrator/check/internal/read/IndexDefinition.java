package dev.migrator.check.internal.read;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is said of an index that the builder can make as well.
 *
 * @param keys what it is on, as it is written
 * @param columns the same if it is on nothing but columns; else empty
 * @param where the condition for its rows; {@code null} if it has all of them
 */
public record IndexDefinition(String keys, List<String> columns, @Nullable String where) {

  public IndexDefinition {
    columns = List.copyOf(columns);
  }

  /** Reads what stands behind the name of the table; {@code null} if it says anything else. */
  static @Nullable IndexDefinition read(Cursor cursor) {
    Cursor it = cursor.copy();
    it.take("USING", "BTREE");
    if (!it.symbol('(')) {
      return null;
    }
    String keys = it.copy().parenthesized().rest();
    List<String> columns = columns(it);
    if (!it.take("WHERE")) {
      return it.isAtEnd() ? new IndexDefinition(keys, columns, null) : null;
    }
    return new IndexDefinition(keys, columns, it.rest());
  }

  private static List<String> columns(Cursor it) {
    List<String> columns = new ArrayList<>();
    boolean plain = true;
    for (Cursor part : it.parts(true)) {
      QualifiedName column = part.name();
      if (column == null || column.schema() != null || !part.isAtEnd()) {
        plain = false;
      } else {
        columns.add(column.name());
      }
    }
    return plain ? columns : List.of();
  }
}
