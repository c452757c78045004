package dev.migrator.check.internal.text;

import org.jspecify.annotations.Nullable;

/**
 * A statement of a text, or something that is none.
 *
 * @param start its first character, from 0
 * @param line the line that it begins in, from 1
 * @param column its first character in that line, from 1
 * @param sql its text, without the semicolon
 * @param problem why it is no statement; {@code null} if it is one
 * @param rows whether rows of a COPY stand behind it
 */
public record Piece(
    int start, int line, int column, String sql, @Nullable String problem, boolean rows) {

  /** The line of a character of the statement, from 0. */
  public int lineOf(int offset) {
    int found = line;
    for (int i = 0; i < Math.min(offset, sql.length()); i++) {
      found += (sql.charAt(i) == '\n') ? 1 : 0;
    }
    return found;
  }

  /** The column of a character of the statement, from 0. */
  public int columnOf(int offset) {
    int newline = sql.lastIndexOf('\n', Math.min(offset, sql.length()) - 1);
    return (newline < 0) ? column + offset : offset - newline;
  }
}
