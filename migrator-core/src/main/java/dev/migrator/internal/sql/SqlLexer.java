package dev.migrator.internal.sql;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Splits SQL into tokens by the rules of the server's own scanner. It need not know the grammar:
 * only where literals, names and comments begin and end.
 */
public final class SqlLexer {

  /** Kinds of tokens. */
  public enum Kind {
    WORD,
    QUOTED_NAME,
    LITERAL,
    NUMBER,
    SYMBOL,
    OPEN,
    CLOSE,
    SEMICOLON
  }

  /**
   * A token.
   *
   * @param start where it begins
   * @param end where what follows it begins
   */
  public record Token(Kind kind, int start, int end) {}

  private final String sql;

  private final List<Token> tokens = new ArrayList<>();

  private int at;

  private boolean openComment;

  private SqlLexer(String sql) {
    this.sql = sql;
    if (sql.indexOf('\0') >= 0) {
      throw new MalformedSqlException("it contains a NUL character", sql.indexOf('\0'));
    }
  }

  /** Reads a text token by token, so that a long one needs no more room than its statements. */
  public static SqlLexer on(String sql) {
    return new SqlLexer(sql);
  }

  /** The next token; {@code null} behind the last. */
  public @Nullable Token next() {
    tokens.clear();
    while (at < sql.length() && tokens.isEmpty()) {
      read();
    }
    return tokens.isEmpty() ? null : tokens.get(0);
  }

  /** Goes on there. */
  public void skipTo(int offset) {
    at = offset;
  }

  /**
   * Reads all tokens. Comments are none.
   *
   * @throws MalformedSqlException if a literal, a quoted name or a comment does not end, or if
   *     where it ends depends on a setting of the server
   */
  static List<Token> tokens(String sql) {
    SqlLexer lexer = new SqlLexer(sql);
    lexer.run();
    return lexer.tokens;
  }

  /** Whether the text ends in a comment that would go on in what is put behind it. */
  static boolean endsInComment(String sql) {
    SqlLexer lexer = new SqlLexer(sql);
    lexer.run();
    return lexer.openComment;
  }

  private void run() {
    while (at < sql.length()) {
      read();
    }
  }

  private void read() {
    char c = sql.charAt(at);
    int start = at;
    if (isSpace(c)) {
      at++;
    } else if (sql.startsWith("--", at)) {
      lineComment();
    } else if (sql.startsWith("/*", at)) {
      blockComment();
    } else if (c == '\'') {
      literal(start, false);
    } else if (c == '"') {
      quotedName(start);
    } else if (c == '$') {
      dollar();
    } else if (isNameStart(c)) {
      word();
    } else if (isDigit(c)) {
      while (at < sql.length() && isDigit(sql.charAt(at))) {
        at++;
      }
      add(Kind.NUMBER, start);
    } else {
      at++;
      add(symbol(c), start);
    }
  }

  private static Kind symbol(char c) {
    return switch (c) {
      case ';' -> Kind.SEMICOLON;
      case '(', '[' -> Kind.OPEN;
      case ')', ']' -> Kind.CLOSE;
      default -> Kind.SYMBOL;
    };
  }

  private void lineComment() {
    while (at < sql.length() && !isNewline(sql.charAt(at))) {
      at++;
    }
    openComment = at == sql.length();
  }

  /** They nest. */
  private void blockComment() {
    int start = at;
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
      if (at >= sql.length() && depth > 0) {
        throw unclosed("comment", start);
      }
    } while (depth > 0);
  }

  private void word() {
    int start = at;
    while (at < sql.length() && isNamePart(sql.charAt(at))) {
      at++;
    }
    String word = sql.substring(start, at);
    if (is('\'') && word.equalsIgnoreCase("E")) {
      literal(start, true);
    } else if (is('\'') && (word.equalsIgnoreCase("B") || word.equalsIgnoreCase("X"))) {
      literal(start, false);
    } else if (word.equalsIgnoreCase("U") && sql.startsWith("&'", at)) {
      at++;
      literal(start, false);
    } else if (word.equalsIgnoreCase("U") && sql.startsWith("&\"", at)) {
      at++;
      quotedName(start);
    } else {
      add(Kind.WORD, start);
    }
  }

  /**
   * From its quote on. Without {@code standard_conforming_strings} a backslash escapes the quote in
   * a plain literal as well: one that would end elsewhere then has no certain end.
   */
  private void literal(int start, boolean escapes) {
    boolean escaped = false;
    while (true) {
      at++;
      if (at >= sql.length()) {
        throw unclosed("string", start);
      }
      char c = sql.charAt(at);
      if (c == '\\') {
        escaped = !escaped;
        continue;
      }
      if (c == '\'' && escaped && !escapes) {
        throw new MalformedSqlException(
            "in the string at character %d a backslash stands before a quote, which means different things by the server's settings; write E'…' with two backslashes, or put something between them"
                .formatted(start + 1),
            start);
      }
      if (c == '\'' && !escaped) {
        if (!sql.startsWith("''", at)) {
          break;
        }
        at++;
      }
      escaped = false;
    }
    at++;
    if (escapes && isContinued()) {
      throw new MalformedSqlException(
          "the string at character %d goes on in another line; write it as one"
              .formatted(start + 1),
          start);
    }
    add(Kind.LITERAL, start);
  }

  /** Whether a string follows in another line, which the server joins to the one before. */
  private boolean isContinued() {
    boolean newline = false;
    for (int i = at; i < sql.length(); i++) {
      char c = sql.charAt(i);
      if (sql.startsWith("--", i)) {
        while (i + 1 < sql.length() && !isNewline(sql.charAt(i + 1))) {
          i++;
        }
      } else if (!isSpace(c)) {
        return newline && c == '\'';
      }
      newline |= isNewline(c);
    }
    return false;
  }

  private void quotedName(int start) {
    while (true) {
      at++;
      if (at >= sql.length()) {
        throw unclosed("quoted name", start);
      }
      if (sql.charAt(at) == '"') {
        if (!sql.startsWith("\"\"", at)) {
          break;
        }
        at++;
      }
    }
    at++;
    add(Kind.QUOTED_NAME, start);
  }

  private void dollar() {
    int start = at;
    int end = at + 1;
    while (end < sql.length()
        && sql.charAt(end) != '$'
        && isNamePart(sql.charAt(end))
        && !(end == at + 1 && isDigit(sql.charAt(end)))) {
      end++;
    }
    if (end >= sql.length() || sql.charAt(end) != '$') {
      at++;
      add(Kind.SYMBOL, start);
      return;
    }
    String tag = sql.substring(start, end + 1);
    int close = sql.indexOf(tag, end + 1);
    if (close < 0) {
      throw unclosed("string " + tag, start);
    }
    at = close + tag.length();
    add(Kind.LITERAL, start);
  }

  private boolean is(char c) {
    return at < sql.length() && sql.charAt(at) == c;
  }

  private void add(Kind kind, int start) {
    tokens.add(new Token(kind, start, at));
  }

  private static MalformedSqlException unclosed(String what, int start) {
    return new MalformedSqlException(
        "the %s that begins at character %d does not end".formatted(what, start + 1), start, true);
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\f' || c == '\u000b' || isNewline(c);
  }

  private static boolean isNewline(char c) {
    return c == '\n' || c == '\r';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isNameStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= '\u0080';
  }

  private static boolean isNamePart(char c) {
    return isNameStart(c) || isDigit(c) || c == '$';
  }
}
