package dev.migrator.check.internal.read;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a CHECK demands.
 *
 * @param text as it is written, without its parentheses
 * @param names the names in it
 * @param notNull the column of which it says nothing but that it is not NULL; {@code null} if it
 *     says anything else
 */
public record CheckExpression(String text, Set<String> names, @Nullable String notNull) {

  public CheckExpression {
    names = Set.copyOf(names);
  }

  /** Reads what is in the parentheses at hand. What may stand behind them can weaken it. */
  static CheckExpression read(Cursor cursor) {
    Cursor inside = cursor.parenthesized();
    String text = inside.rest();
    cursor.take("NOT", "VALID");
    String notNull = cursor.isAtEnd() ? notNull(inside) : null;
    return new CheckExpression(text, names(inside), notNull);
  }

  private static @Nullable String notNull(Cursor inside) {
    Cursor it = inside.copy();
    if (it.symbol('(')) {
      Cursor within = it.parenthesized();
      return it.isAtEnd() ? notNull(within) : null;
    }
    QualifiedName name = it.name();
    return name != null && name.schema() == null && it.take("IS", "NOT", "NULL") && it.isAtEnd()
        ? name.name()
        : null;
  }

  private static Set<String> names(Cursor inside) {
    Set<String> names = new HashSet<>();
    while (!inside.isAtEnd()) {
      QualifiedName name = inside.name();
      if (name == null) {
        inside.step();
      } else {
        names.add(name.name());
      }
    }
    return names;
  }
}
