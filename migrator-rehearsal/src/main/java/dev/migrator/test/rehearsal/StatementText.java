package dev.migrator.test.rehearsal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.postgresql.core.Parser;

/** What the text of a statement says without a server, by the driver's own reader of quotes. */
final class StatementText {

  /** What a server can prepare; everything else changes no rows, or more than rows. */
  private static final Set<String> OF_ROWS =
      Set.of("select", "insert", "update", "delete", "merge", "with", "values", "table");

  private final char[] text;

  StatementText(String sql) {
    this.text = sql.toCharArray();
  }

  /** Whether it reads or writes rows: no DDL, no command of the session. */
  boolean isOfRows() {
    for (int i = 0; i < text.length; i++) {
      int end = skipped(i);
      if (Character.isLetter(text[i])) {
        int word = i;
        while (word < text.length && Character.isLetter(text[word])) {
          word++;
        }
        return OF_ROWS.contains(new String(text, i, word - i).toLowerCase(Locale.ROOT));
      }
      if (end == i && text[i] != '(' && !Character.isWhitespace(text[i])) {
        return false;
      }
      i = end;
    }
    return false;
  }

  /** Whether it has a value in it, which may be one of a person. */
  boolean hasLiteral() {
    return hasLiteral(true);
  }

  /** Whether it has a value in quotes; a number may be a place, as in {@code ORDER BY 1}. */
  boolean hasQuoted() {
    return hasLiteral(false);
  }

  private boolean hasLiteral(boolean numbers) {
    for (int i = 0; i < text.length; i++) {
      boolean inName = i > 0 && Parser.isIdentifierContChar(text[i - 1]);
      int end = skipped(i);
      boolean quoted = end > i && (text[i] == '\'' || text[i] == '$');
      if (quoted || (numbers && Character.isDigit(text[i]) && !inName)) {
        return true;
      }
      i = end;
    }
    return false;
  }

  /** Whether anything comes behind a semicolon. */
  boolean hasSeveral() {
    boolean ended = false;
    for (int i = 0; i < text.length; i++) {
      int end = skipped(i);
      if (ended && !Character.isWhitespace(text[i])) {
        return true;
      }
      ended |= end == i && text[i] == ';';
      i = end;
    }
    return false;
  }

  /**
   * Its parameters as JDBC has them.
   *
   * @param sql with {@code ?} for each, and {@code ??} for an operator with that sign
   * @param numbers which one each of them was, from 1
   */
  record Jdbc(String sql, List<Integer> numbers) {}

  /** The same statement with {@code ?} for {@code $1}. */
  Jdbc toJdbc() {
    StringBuilder sql = new StringBuilder();
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < text.length; i++) {
      int end = skipped(i);
      int digits = i + 1;
      while (text[i] == '$' && digits < text.length && Character.isDigit(text[digits])) {
        digits++;
      }
      if (end > i) {
        sql.append(text, i, Math.min(end + 1, text.length) - i);
      } else if (digits > i + 1 && (i == 0 || !Parser.isIdentifierContChar(text[i - 1]))) {
        sql.append('?');
        numbers.add(Integer.valueOf(new String(text, i + 1, digits - i - 1)));
        end = digits - 1;
      } else {
        sql.append(text[i] == '?' ? "??" : String.valueOf(text[i]));
      }
      i = end;
    }
    return new Jdbc(sql.toString(), numbers);
  }

  /** The last place of what is quoted or said aside from here on; the same place if nothing is. */
  private int skipped(int at) {
    return switch (text[at]) {
      case '\'' -> Parser.parseSingleQuotes(text, at, true);
      case '"' -> Parser.parseDoubleQuotes(text, at);
      case '-' -> Parser.parseLineComment(text, at);
      case '/' -> Parser.parseBlockComment(text, at);
      case '$' -> Parser.parseDollarQuotes(text, at);
      default -> at;
    };
  }
}
