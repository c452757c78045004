package dev.migrator.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds the statements of a SQL file. */
final class SqlText {

  /** Of a statement that cannot run in a transaction. */
  static final String NO_TRANSACTION = "25001";

  private final String sql;

  private int at;

  private SqlText(String sql) {
    this.sql = sql;
  }

  /** Those of a file. */
  static List<Placed> of(Path file) {
    try {
      return split(Files.readString(file));
    } catch (IOException ex) {
      throw new UncheckedIOException("cannot read " + file, ex);
    }
  }

  /** Those that are more than comments. */
  static List<Placed> split(String sql) {
    return new SqlText(sql).statements();
  }

  private List<Placed> statements() {
    List<Placed> statements = new ArrayList<>();
    int start = -1;
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (sql.startsWith("--", at)) {
        skipTo("\n");
      } else if (sql.startsWith("/*", at)) {
        skipComment();
      } else if (c == ';') {
        add(statements, start, at);
        start = -1;
        at++;
      } else {
        if (start < 0 && !Character.isWhitespace(c)) {
          start = at;
        }
        skipToken(c);
      }
    }
    add(statements, start, sql.length());
    return statements;
  }

  private void add(List<Placed> statements, int start, int end) {
    if (start >= 0) {
      int line = 1 + (int) sql.substring(0, start).chars().filter(it -> it == '\n').count();
      statements.add(new Placed(line, sql.substring(start, end).strip()));
    }
  }

  private void skipToken(char c) {
    if (c == '\'') {
      boolean escapes = at > 0 && "eE".indexOf(sql.charAt(at - 1)) >= 0;
      skipQuoted('\'', escapes);
    } else if (c == '"') {
      skipQuoted('"', false);
    } else if (c == '$' && (at == 0 || !Character.isJavaIdentifierPart(sql.charAt(at - 1)))) {
      skipDollars();
    } else {
      at++;
    }
  }

  private void skipQuoted(char quote, boolean escapes) {
    at++;
    while (at < sql.length() && sql.charAt(at) != quote) {
      at += (escapes && sql.charAt(at) == '\\') ? 2 : 1;
    }
    at++;
  }

  private void skipDollars() {
    int end = at + 1;
    while (end < sql.length()
        && (Character.isLetterOrDigit(sql.charAt(end)) || sql.charAt(end) == '_')) {
      end++;
    }
    boolean tag =
        end < sql.length()
            && sql.charAt(end) == '$'
            && !(end > at + 1 && Character.isDigit(sql.charAt(at + 1)));
    if (!tag) {
      at++;
      return;
    }
    String mark = sql.substring(at, end + 1);
    at = end + 1;
    skipTo(mark);
  }

  private void skipTo(String end) {
    int found = sql.indexOf(end, at);
    at = (found < 0) ? sql.length() : found + end.length();
  }

  private void skipComment() {
    int depth = 0;
    do {
      if (sql.startsWith("/*", at)) {
        depth++;
        at += 2;
      } else if (sql.startsWith("*/", at)) {
        depth--;
        at += 2;
      } else {
        at++;
      }
    } while (depth > 0 && at < sql.length());
  }

  /**
   * A statement.
   *
   * @param line the line that it begins in, from 1
   * @param sql the statement
   */
  record Placed(int line, String sql) {}
}
