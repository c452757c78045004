package dev.migrator.internal.sql;

import dev.migrator.internal.sql.SqlLexer.Kind;
import dev.migrator.internal.sql.SqlLexer.Token;
import dev.migrator.internal.sql.Statements.Placed;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Splits a text of any length at the semicolons between its statements, by the rules of {@link
 * Statements#place}. It keeps one statement at a time, and of the rows of a {@code COPY} one line.
 */
public final class StatementReader {

  private static final int WINDOW = 1 << 16;

  private static final String PLACEHOLDER = "${";

  private final Reader source;

  private final boolean session;

  private final int least;

  private final CanonicalDigest digest = new CanonicalDigest();

  /** What was read and not passed over yet, from {@link #at} on. */
  private String window = "";

  private SqlLexer lexer = SqlLexer.on("");

  private int at;

  private int line = 1;

  private boolean ended;

  /**
   * Reads a text, which its caller closes.
   *
   * @param session whether statements may be in it that change a setting of the session
   */
  public StatementReader(Reader source, boolean session) {
    this(source, session, WINDOW);
  }

  /**
   * The same.
   *
   * @param least how many characters it asks for at least
   */
  StatementReader(Reader source, boolean session, int least) {
    this.source = source;
    this.session = session;
    this.least = least;
  }

  /**
   * A statement as it stands in the text.
   *
   * @param line the line on which it begins, from 1
   * @param sql its text
   * @param placed the statement; {@code null} if it has placeholders, and is one without them only
   * @param ended whether a semicolon follows
   */
  public record Raw(int line, String sql, @Nullable Placed placed, boolean ended) {}

  /** The line that is read, from 1. */
  public int line() {
    return line;
  }

  /** The line of a character that a {@link MalformedSqlException} of this is about. */
  public int lineOf(int character) {
    return line + newlines(at, Math.min(Math.max(character, at), window.length()));
  }

  /** What the text means, as far as it was read, whatever its white space and comments. */
  public String checksum(int bytes) {
    return digest.value(bytes);
  }

  /**
   * The next statement; {@code null} behind the last.
   *
   * @throws MalformedSqlException if it does not end
   */
  public @Nullable Raw next() throws IOException {
    while (true) {
      Raw raw = scan();
      if (raw != null) {
        return raw;
      }
      if (ended) {
        return null;
      }
      more();
    }
  }

  /** The statement in the window; {@code null} if it is not there to its end. */
  private @Nullable Raw scan() {
    try {
      lexer.skipTo(at);
      Nesting nesting = new Nesting();
      List<Token> tokens = new ArrayList<>();
      for (Token token = lexer.next(); token != null; token = lexer.next()) {
        if (token.kind() == Kind.SEMICOLON && nesting.isOutside()) {
          if (!tokens.isEmpty()) {
            return taken(tokens, token);
          }
          // Nothing stands before it.
          digest.token(";");
          pass(token.end());
        } else {
          tokens.add(token);
          nesting.add(window, tokens);
        }
      }
      return ended && !tokens.isEmpty() ? taken(tokens, null) : null;
    } catch (MalformedSqlException ex) {
      if (ex.isUnclosed() && !ended) {
        return null;
      }
      throw ex;
    }
  }

  private Raw taken(List<Token> tokens, @Nullable Token semicolon) {
    for (Token token : tokens) {
      digest.token(window.substring(token.start(), token.end()));
    }
    int start = tokens.get(0).start();
    int end = tokens.get(tokens.size() - 1).end();
    String sql = window.substring(start, end);
    Placed placed = sql.contains(PLACEHOLDER) ? null : Statements.placed(window, tokens, session);
    pass(start);
    Raw raw = new Raw(line, sql, placed, semicolon != null);
    pass(semicolon == null ? end : semicolon.end());
    if (semicolon != null) {
      digest.token(";");
    }
    return raw;
  }

  private void pass(int to) {
    line += newlines(at, to);
    at = to;
  }

  private int newlines(int from, int to) {
    int found = 0;
    for (int i = window.indexOf('\n', from); i >= 0 && i < to; i = window.indexOf('\n', i + 1)) {
      found++;
    }
    return found;
  }

  /** As much again as there is already, so that a long statement is not looked at too often. */
  private void more() throws IOException {
    char[] read = new char[Math.max(least, window.length() - at)];
    int filled = 0;
    while (filled < read.length) {
      int count = source.read(read, filled, read.length - filled);
      if (count < 0) {
        ended = true;
        break;
      }
      filled += count;
    }
    window = window.substring(at) + new String(read, 0, filled);
    lexer = SqlLexer.on(window);
    at = 0;
  }

  /**
   * The rows behind the statement that was given last, up to a line with {@code \.}. They are to be
   * read to their end before the next statement is asked for.
   *
   * @throws MalformedSqlException if they do not begin in the line behind it, or, later, do not end
   */
  public Reader rows() throws IOException {
    String rest = nextLine();
    if (rest == null || !rest.endsWith("\n") || !rest.isBlank()) {
      throw new MalformedSqlException("the rows of a COPY have to begin in the line behind it", at);
    }
    return new Rows();
  }

  /** With what ends it; {@code null} at the end of the text. */
  private @Nullable String nextLine() throws IOException {
    int searched = at;
    while (true) {
      int end = window.indexOf('\n', searched);
      if (end >= 0) {
        String text = window.substring(at, end + 1);
        line++;
        at = end + 1;
        return text;
      }
      if (ended) {
        String text = window.substring(at);
        pass(window.length());
        return text.isEmpty() ? null : text;
      }
      int known = window.length() - at;
      more();
      searched = known;
    }
  }

  /** The rows of a COPY. */
  private final class Rows extends Reader {

    private String text = "";

    private int read;

    private boolean done;

    private boolean any;

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
      int total = 0;
      // As much as there is room for, so that they go to the server in large parts.
      while (total < length && (read < text.length() || fill())) {
        int count = Math.min(length - total, text.length() - read);
        text.getChars(read, read + count, buffer, offset + total);
        read += count;
        total += count;
      }
      return (total == 0 && length > 0) ? -1 : total;
    }

    private boolean fill() throws IOException {
      if (done) {
        return false;
      }
      String next = nextLine();
      if (next == null) {
        throw new MalformedSqlException("the rows of a COPY do not end in a line with \\.", at);
      }
      if (next.substring(0, Math.min(3, next.length())).strip().equals("\\.")) {
        done = true;
        digest.endOfRows(any);
        return false;
      }
      digest.row(next, !any);
      any = true;
      text = next;
      read = 0;
      return true;
    }

    @Override
    public void close() {
      // The text goes on behind them.
    }
  }
}
