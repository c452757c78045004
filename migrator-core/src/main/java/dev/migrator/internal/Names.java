package dev.migrator.internal;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.sql.Expressions;
import dev.migrator.internal.sql.MalformedSqlException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;

/** The limits PostgreSQL and the journal set to names. */
public final class Names {

  /** PostgreSQL silently cuts longer identifiers, so that two different names could become one. */
  private static final int MAX_IDENTIFIER_BYTES = 63;

  private static final int MAX_ID_LENGTH = 200;

  private Names() {}

  public static String check(String what, String name) {
    if (name.isBlank()) {
      throw new InvalidMigrationException(
          ErrorCode.NAME_INVALID, "the name of a " + what + " is empty; give it a name");
    }
    if (name.indexOf('\0') >= 0) {
      throw new InvalidMigrationException(
          ErrorCode.NAME_INVALID,
          "the name of a " + what + " contains a NUL character, which PostgreSQL cannot store");
    }
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_IDENTIFIER_BYTES) {
      throw new InvalidMigrationException(
          ErrorCode.NAME_INVALID,
          "the name of %s \"%s\" has %d bytes, PostgreSQL keeps %d; choose a shorter name"
              .formatted(what, name, bytes, MAX_IDENTIFIER_BYTES));
    }
    return name;
  }

  public static List<String> columns(String first, String... more) {
    List<String> columns = new ArrayList<>();
    columns.add(first);
    columns.addAll(List.of(more));
    for (String column : columns) {
      check("column", column);
    }
    if (new HashSet<>(columns).size() != columns.size()) {
      throw new InvalidMigrationException(
          ErrorCode.NAMED_TWICE, "a column stands twice in " + columns);
    }
    return columns;
  }

  /** One expression that a migration gives to a verb. */
  public static String expression(String id, String word, String sql) {
    return checked(
        "migration \"%s\": the SQL of %s(…)".formatted(id, word), sql, Expressions::requireOne);
  }

  /** Expressions with commas between them that a migration gives to a verb. */
  public static String expressions(String id, String word, String sql) {
    return checked(
        "migration \"%s\": the SQL of %s(…)".formatted(id, word), sql, Expressions::requireList);
  }

  /** One expression or type, of whatever. */
  public static String expression(String what, String sql) {
    return checked(what, sql, Expressions::requireOne);
  }

  private static String checked(String what, String sql, Consumer<String> check) {
    if (sql.isBlank()) {
      throw new InvalidMigrationException(ErrorCode.TEXT_MISSING, what + " is empty");
    }
    try {
      check.accept(sql);
    } catch (MalformedSqlException ex) {
      throw new InvalidMigrationException(
          ErrorCode.EXPRESSION_MALFORMED,
          "%s is not one expression: %s".formatted(what, ex.getMessage()));
    }
    return sql;
  }

  public static String checkId(String id) {
    if (id.isBlank()) {
      throw new InvalidMigrationException(
          ErrorCode.ID_INVALID,
          "a migration has an empty id; give it one that never changes, such as"
              + " \"2026-11-22-users-full-name\"");
    }
    if (id.length() > MAX_ID_LENGTH) {
      throw new InvalidMigrationException(
          ErrorCode.ID_INVALID,
          "the id \"%s…\" has %d characters, at most %d are allowed; choose a shorter id"
              .formatted(id.substring(0, 60), id.length(), MAX_ID_LENGTH));
    }
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      boolean plain = Character.isLetterOrDigit(c) || "-_.:".indexOf(c) >= 0;
      if (!plain) {
        throw new InvalidMigrationException(
            ErrorCode.ID_INVALID,
            "the id \"%s\" contains '%s'; an id is made of letters, digits and - _ . : so that it can stand in a URL"
                .formatted(id, c));
      }
    }
    return id;
  }
}
