package dev.migrator.internal.sql;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The parameters of one use of a query, with the types by which the driver would send them. */
final class QueryParameters {

  private static final Set<String> SETTERS =
      Set.of("setObject", "setString", "setInt", "setLong", "setBoolean");

  private final Map<Integer, Object> values = new TreeMap<>();

  private boolean known = true;

  /**
   * Sets one.
   *
   * @param setter the method of a statement
   * @param arguments what it was given: its place, its value, and what else
   */
  void set(String setter, @Nullable Object[] arguments) {
    Object value = arguments[1];
    // Others mean something else by their second argument, such as setNull the number of a type.
    if (SETTERS.contains(setter)
        && arguments.length == 2
        && arguments[0] instanceof Integer place
        && value != null
        && type(value) != null) {
      values.put(place, value);
    } else {
      known = false;
    }
  }

  /** Whether all are such that they can be written as literals. */
  boolean isKnown() {
    return known;
  }

  /** Their types, in parentheses; empty if there are none. */
  String types() {
    return listed(QueryParameters::type);
  }

  /** Their values, in parentheses; empty if there are none. */
  String literals() {
    return listed(QueryParameters::literal);
  }

  private String listed(Function<Object, @Nullable String> text) {
    return values.isEmpty()
        ? ""
        : values.values().stream().map(text).collect(Collectors.joining(", ", " (", ")"));
  }

  /**
   * A query with numbers in place of question marks.
   *
   * @return {@code null} if these are not its parameters, or it cannot be told where they stand
   */
  @Nullable String numbered(String sql) {
    StringBuilder numbered = new StringBuilder();
    int copied = 0;
    int number = 0;
    try {
      for (SqlLexer.Token token : SqlLexer.tokens(sql)) {
        if (token.kind() == SqlLexer.Kind.SYMBOL && sql.charAt(token.start()) == '?') {
          numbered.append(sql, copied, token.start()).append('$').append(++number);
          copied = token.start() + 1;
        }
      }
    } catch (MalformedSqlException ex) {
      return null;
    }
    return (number == values.size()) ? numbered.append(sql.substring(copied)).toString() : null;
  }

  private static @Nullable String type(Object value) {
    if (value instanceof String) {
      return "pg_catalog.varchar";
    }
    if (value instanceof Long) {
      return "pg_catalog.int8";
    }
    if (value instanceof Integer) {
      return "pg_catalog.int4";
    }
    if (value instanceof Boolean) {
      return "pg_catalog.bool";
    }
    return isTexts(value) ? "pg_catalog.varchar[]" : null;
  }

  private static boolean isTexts(Object value) {
    return value instanceof String[] texts && Stream.of(texts).allMatch(Objects::nonNull);
  }

  private static String literal(Object value) {
    if (value instanceof String text) {
      return Identifiers.literal(text);
    }
    if (value instanceof String[] texts) {
      return Stream.of(texts)
          .map(Identifiers::literal)
          .collect(Collectors.joining(", ", "ARRAY[", "]::pg_catalog.varchar[]"));
    }
    return String.valueOf(value);
  }
}
