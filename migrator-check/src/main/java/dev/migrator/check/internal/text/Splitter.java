package dev.migrator.check.internal.text;

import dev.migrator.internal.sql.MalformedSqlException;
import dev.migrator.internal.sql.SqlLexer;
import dev.migrator.internal.sql.SqlLexer.Kind;
import dev.migrator.internal.sql.SqlLexer.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Splits a text into statements. Where it is no SQL, or is meant for {@code psql}, that is a piece
 * as well, and the next statement is looked for behind it.
 */
public final class Splitter {

  /** So many words tell what a statement is, and whether it has statements of its own. */
  private static final int WORDS = 40;

  private static final Pattern END = Pattern.compile(";[ \\t]*(?:--[^\\n]*)?\\r?(?:\\n|$)");

  private final String text;

  private final List<Piece> pieces = new ArrayList<>();

  private final List<String> words = new ArrayList<>();

  private final SqlLexer lexer;

  private int start = -1;

  private int end;

  private int depth;

  private int blocks;

  private int counted;

  private int line = 1;

  private Splitter(String text) {
    this.text = text;
    this.lexer = SqlLexer.on(text);
  }

  /** Splits a text without NUL characters. */
  public static List<Piece> split(String text) {
    Splitter splitter = new Splitter(text);
    splitter.run();
    return List.copyOf(splitter.pieces);
  }

  private void run() {
    while (true) {
      int before = end;
      try {
        Token token = lexer.next();
        if (token == null) {
          add(null, false);
          return;
        }
        take(token);
      } catch (MalformedSqlException ex) {
        goOnBehind(ex, before);
      }
    }
  }

  private void take(Token token) {
    if (start < 0 && text.charAt(token.start()) == '\\') {
      start = token.start();
      int newline = text.indexOf('\n', start);
      end = (newline < 0) ? text.length() : newline;
      String command = text.substring(start, end).strip();
      add(
          "%s is a command of psql, which the server does not know; remove it, or write SQL instead"
              .formatted(command.split("\\s", 2)[0]),
          false);
      lexer.skipTo(end);
      return;
    }
    if (token.kind() == Kind.SEMICOLON && blocks == 0 && (depth == 0 || !isRule())) {
      boolean copy = start >= 0 && isCopy();
      add(null, copy);
      end = token.end();
      if (copy) {
        lexer.skipTo(behindRows(token.end()));
      }
      return;
    }
    start = (start < 0) ? token.start() : start;
    end = token.end();
    switch (token.kind()) {
      case OPEN -> depth++;
      case CLOSE -> depth = Math.max(0, depth - 1);
      case WORD -> word(text.substring(token.start(), token.end()).toUpperCase(Locale.ROOT));
      default -> {}
    }
  }

  /** A function can have its statements as a block, with semicolons between them. */
  private void word(String word) {
    if (blocks > 0) {
      blocks += word.equals("CASE") ? 1 : word.equals("END") ? -1 : 0;
    } else if (word.equals("ATOMIC")
        && !words.isEmpty()
        && words.get(words.size() - 1).equals("BEGIN")
        && words.get(0).equals("CREATE")) {
      blocks = 1;
    }
    if (words.size() < WORDS || words.get(0).equals("CREATE")) {
      words.add(word);
    }
  }

  /** Nothing else has semicolons in parentheses; elsewhere one is not closed. */
  private boolean isRule() {
    return words.size() > 1 && words.get(0).equals("CREATE") && words.contains("RULE");
  }

  private boolean isCopy() {
    return !words.isEmpty()
        && words.get(0).equals("COPY")
        && words.contains("FROM")
        && words.contains("STDIN");
  }

  private int behindRows(int from) {
    Matcher last = Pattern.compile("(?m)^\\\\\\.[ \\t]*\\r?$").matcher(text);
    return last.find(Math.min(from, text.length())) ? last.end() : text.length();
  }

  /** What cannot be read to its end may go on to the end of a line that looks like one. */
  private void goOnBehind(MalformedSqlException ex, int before) {
    int at = Math.max(ex.at(), 0);
    start = (start < 0) ? at : start;
    Matcher next = END.matcher(text);
    end = next.find(Math.max(at, before)) ? next.start() : text.length();
    int behind = (end == text.length()) ? end : next.end();
    int problem = start;
    start = at;
    String message = String.valueOf(ex.getMessage());
    add(message, false);
    start = -1;
    end = Math.max(behind, problem);
    lexer.skipTo(behind);
  }

  private void add(@Nullable String problem, boolean rows) {
    if (start >= 0) {
      while (counted < start) {
        line += (text.charAt(counted) == '\n') ? 1 : 0;
        counted++;
      }
      int column = start - text.lastIndexOf('\n', start - 1);
      pieces.add(
          new Piece(
              start, line, column, text.substring(start, Math.max(start, end)), problem, rows));
    }
    start = -1;
    depth = 0;
    blocks = 0;
    words.clear();
  }
}
