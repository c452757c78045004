package dev.migrator.internal.operation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what an operation means in a phase, in a form that does not change with formatting.
 */
public final class Definitions {

  private Definitions() {}

  /**
   * Names and values, of which those are left out that are {@code null}, {@code false} or empty.
   *
   * @param operation the verb
   * @param namesAndValues in turns; values are texts, booleans, lists of texts or such maps
   */
  public static Map<String, Object> of(String operation, @Nullable Object... namesAndValues) {
    Map<String, Object> definition = new LinkedHashMap<>();
    definition.put("operation", operation);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      Object value = namesAndValues[i + 1];
      if (value != null
          && !value.equals(false)
          && !value.equals(List.of())
          && !value.equals(Map.of())) {
        definition.put(String.valueOf(namesAndValues[i]), value);
      }
    }
    return definition;
  }

  /** Folds white space outside of quotes. */
  public static @Nullable String normalized(@Nullable String sql) {
    if (sql == null) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    char quote = 0;
    boolean space = false;
    for (char c : sql.strip().toCharArray()) {
      if (quote == 0 && Character.isWhitespace(c)) {
        space = true;
        continue;
      }
      if (space) {
        text.append(' ');
        space = false;
      }
      if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      }
      text.append(c);
    }
    return text.toString();
  }
}
