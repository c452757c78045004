package dev.migrator.internal.sql;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Settings of a session by which an expression can give something else, though the server calls
 * everything in it immutable: the text of a number or of bytes, and what {@code = NULL} and {@code
 * '{NULL}'} mean. Transforms run with these, in the triggers as in the engine's own transactions,
 * or both sides would differ by who wrote a row.
 */
public final class ExpressionSettings {

  private static final Map<String, String> PINNED = new LinkedHashMap<>();

  static {
    // With any greater number the text of a floating-point value is the same.
    PINNED.put("extra_float_digits", "1");
    PINNED.put("bytea_output", "hex");
    PINNED.put("transform_null_equals", "off");
    PINNED.put("array_nulls", "on");
  }

  private ExpressionSettings() {}

  static Set<String> names() {
    return PINNED.keySet();
  }

  /** As clauses of a function. */
  public static String ofFunction() {
    return PINNED.entrySet().stream()
        .map(it -> "\nSET %s = %s".formatted(it.getKey(), it.getValue()))
        .collect(Collectors.joining());
  }

  /**
   * What a transaction has to set, as statements with their separator before each.
   *
   * @param session what the session has of each
   */
  static String ofTransaction(Map<String, String> session) {
    return PINNED.entrySet().stream()
        .filter(it -> !isLike(it.getKey(), session.getOrDefault(it.getKey(), ""), it.getValue()))
        .map(it -> "; SET LOCAL %s = %s".formatted(it.getKey(), it.getValue()))
        .collect(Collectors.joining());
  }

  private static boolean isLike(String setting, String value, String pinned) {
    return setting.equals("extra_float_digits")
        ? Integer.parseInt(value) >= Integer.parseInt(pinned)
        : value.equals(pinned);
  }
}
