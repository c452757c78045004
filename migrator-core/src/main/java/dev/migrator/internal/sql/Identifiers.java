package dev.migrator.internal.sql;

import java.util.Collection;
import java.util.stream.Collectors;

/** Quotes names and texts for SQL. */
public final class Identifiers {

  private Identifiers() {}

  /** Always quotes, so that case, reserved words and odd characters are kept. */
  public static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  public static String quote(String schema, String name) {
    return quote(schema) + "." + quote(name);
  }

  public static String quoteAll(Collection<String> names) {
    return names.stream().map(Identifiers::quote).collect(Collectors.joining(", "));
  }

  public static String literal(String text) {
    String escaped = text.replace("'", "''");
    return text.contains("\\") ? "E'" + escaped.replace("\\", "\\\\") + "'" : "'" + escaped + "'";
  }

  /** The body of a function, between tags that do not occur in it. */
  public static String dollarQuoted(String body) {
    String tag = "$migrator$";
    for (int n = 1; body.contains(tag); n++) {
      tag = "$migrator" + n + "$";
    }
    return tag + "\n" + body + "\n" + tag;
  }
}
