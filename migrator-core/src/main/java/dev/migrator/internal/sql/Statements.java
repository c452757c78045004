package dev.migrator.internal.sql;

import dev.migrator.internal.sql.SqlLexer.Kind;
import dev.migrator.internal.sql.SqlLexer.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The statements of a user's SQL that are to be run in a transaction of the library. */
public final class Statements {

  private static final Set<String> TRANSACTIONS =
      Set.of("BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE");

  /** What stays on the connection when the transaction is over, for whoever gets it next. */
  private static final Set<String> SESSION =
      Set.of("PREPARE", "EXECUTE", "DEALLOCATE", "LISTEN", "UNLISTEN", "LOAD", "RESET", "DISCARD");

  private static final Set<String> OUTSIDE =
      Set.of(
          "VACUUM",
          "CREATE DATABASE",
          "DROP DATABASE",
          "CREATE TABLESPACE",
          "DROP TABLESPACE",
          "ALTER SYSTEM",
          "CREATE SUBSCRIPTION",
          "DROP SUBSCRIPTION",
          "REINDEX DATABASE",
          "REINDEX SYSTEM",
          "REINDEX SCHEMA");

  private static final Set<String> LIMITS =
      Set.of(
          "LOCK_TIMEOUT",
          "STATEMENT_TIMEOUT",
          "TRANSACTION_TIMEOUT",
          "IDLE_IN_TRANSACTION_SESSION_TIMEOUT",
          "ROLE",
          "SESSION");

  /** So many words of a statement are looked at: long ones are long because of their values. */
  private static final int MAX_WORDS = 1000;

  private Statements() {}

  /**
   * A statement and where it stands.
   *
   * @param start its first character, from 0
   * @param sql its text, without what separates it from the next
   * @param words its words in capitals, in their order; empty texts for what is no word
   * @param outside whether it cannot run in a transaction
   * @param data the rows of a {@code COPY … FROM stdin}, each with its end of line; {@code null} if
   *     there are none
   */
  public record Placed(
      int start, String sql, List<String> words, boolean outside, @Nullable String data) {

    public Placed {
      words = List.copyOf(words);
    }

    Placed with(String rows) {
      return new Placed(start, sql, words, outside, rows);
    }

    /** Whether somebody has to send its rows. */
    public boolean copiesIn() {
      return words.get(0).equals("COPY") && words.contains("FROM") && words.contains("STDIN");
    }
  }

  /**
   * Splits SQL at the semicolons between its statements.
   *
   * @return the statements without what separates them; at least one
   * @throws MalformedSqlException if there is none, or one of them cannot run in a transaction
   */
  public static List<String> split(String sql) {
    List<Placed> placed = place(sql);
    for (Placed statement : placed) {
      if (statement.copiesIn()) {
        throw refused(statement.start(), "COPY", "nobody is there to send its rows; use INSERT");
      }
      if (statement.outside()) {
        throw refused(
            statement.start(),
            name(statement.words()),
            "it cannot run in a transaction; use an operation such as addIndex, or run it by hand");
      }
    }
    return placed.stream().map(Placed::sql).toList();
  }

  /**
   * Splits SQL in the same way, also where a statement cannot run in a transaction, or has its rows
   * behind it, as {@code psql} and {@code pg_dump} write them.
   *
   * @return the statements; at least one
   * @throws MalformedSqlException if there is none, or one of them ends the transaction or changes
   *     the session
   */
  public static List<Placed> place(String sql) {
    return place(sql, false);
  }

  /**
   * The same for a text that was written for another tool.
   *
   * @param session whether statements may be in it that change a setting of the session; it is for
   *     the caller to run them in another way
   */
  public static List<Placed> place(String sql, boolean session) {
    List<Placed> statements = new ArrayList<>();
    List<Token> current = new ArrayList<>();
    Nesting nesting = new Nesting();
    SqlLexer lexer = SqlLexer.on(sql);
    for (Token token = lexer.next(); token != null; token = lexer.next()) {
      if (token.kind() == Kind.SEMICOLON && nesting.isOutside()) {
        add(statements, sql, current, session);
        if (!current.isEmpty() && statements.get(statements.size() - 1).copiesIn()) {
          lexer.skipTo(takeRows(statements, sql, token.end()));
        }
        current.clear();
        nesting = new Nesting();
        continue;
      }
      current.add(token);
      nesting.add(sql, current);
    }
    add(statements, sql, current, session);
    if (statements.isEmpty()) {
      throw new MalformedSqlException("it has no statement");
    }
    return statements;
  }

  /** Gives the last statement its rows, and returns where what follows them begins. */
  private static int takeRows(List<Placed> statements, String sql, int semicolon) {
    int last = statements.size() - 1;
    Placed copy = statements.get(last);
    int begin = sql.indexOf('\n', semicolon) + 1;
    if (begin == 0 || !sql.substring(semicolon, begin).isBlank()) {
      throw refused(copy.start(), "COPY", "its rows have to begin in the line behind it");
    }
    for (int line = begin; line < sql.length(); line = sql.indexOf('\n', line) + 1) {
      int end = sql.indexOf('\n', line);
      String text = sql.substring(line, Math.min(end < 0 ? sql.length() : end, line + 3)).strip();
      if (text.equals("\\.")) {
        statements.set(last, copy.with(sql.substring(begin, line)));
        return end < 0 ? sql.length() : end;
      }
      if (end < 0) {
        break;
      }
    }
    throw refused(copy.start(), "COPY", "its rows do not end in a line with \\.");
  }

  /**
   * Where rows stand in a text, which are no SQL: pairs of first and last character. Empty if the
   * text cannot be split yet.
   */
  public static List<int[]> rows(String sql) {
    List<int[]> found = new ArrayList<>();
    if (!sql.contains("\n\\.")) {
      return found;
    }
    try {
      for (Placed placed : place(sql, true)) {
        String data = placed.data();
        if (data != null && !data.isEmpty()) {
          int begin =
              sql.indexOf('\n', sql.indexOf(';', placed.start() + placed.sql().length())) + 1;
          found.add(new int[] {begin, begin + data.length()});
        }
      }
      return found;
    } catch (MalformedSqlException ex) {
      return found;
    }
  }

  /** A function can have its statements as a block, with semicolons between them. */
  static int blocks(int blocks, String sql, List<Token> tokens) {
    String word = word(sql, tokens.get(tokens.size() - 1));
    if (blocks == 0) {
      boolean atomic =
          word.equals("ATOMIC")
              && tokens.size() > 1
              && word(sql, tokens.get(tokens.size() - 2)).equals("BEGIN")
              && isRoutine(sql, tokens);
      return atomic ? 1 : 0;
    }
    return switch (word) {
      case "CASE" -> blocks + 1;
      case "END" -> blocks - 1;
      default -> blocks;
    };
  }

  private static boolean isRoutine(String sql, List<Token> tokens) {
    List<String> words = tokens.stream().limit(4).map(it -> word(sql, it)).toList();
    return words.get(0).equals("CREATE")
        && (words.contains("FUNCTION") || words.contains("PROCEDURE"));
  }

  private static void add(
      List<Placed> statements, String sql, List<Token> tokens, boolean session) {
    if (tokens.isEmpty()) {
      return;
    }
    statements.add(placed(sql, tokens, session));
  }

  /**
   * The statement of some tokens.
   *
   * @throws MalformedSqlException if it cannot be run in a transaction of the library
   */
  static Placed placed(String sql, List<Token> tokens, boolean session) {
    int start = tokens.get(0).start();
    List<String> words =
        tokens.stream()
            .limit(MAX_WORDS)
            .map(it -> it.kind() == Kind.WORD ? word(sql, it) : "")
            .toList();
    if (!session || !isSetting(words)) {
      check(start, words);
    }
    String text = sql.substring(start, tokens.get(tokens.size() - 1).end());
    return new Placed(start, text, words, isOutside(words), null);
  }

  /**
   * A statement in one form, whatever its white space and comments.
   *
   * @param statement one that {@link #split} gave
   */
  public static String canonical(String statement) {
    return SqlLexer.tokens(statement).stream()
        .map(it -> statement.substring(it.start(), it.end()))
        .collect(Collectors.joining(" "));
  }

  private static void check(int start, List<String> words) {
    String first = words.get(0);
    String two = two(words);
    if (TRANSACTIONS.contains(first)
        || two.equals("PREPARE TRANSACTION")
        || two.equals("SET TRANSACTION")) {
      throw refused(
          start,
          two,
          "it begins or ends a transaction, but all statements are one with its record");
    }
    if (first.equals("CLUSTER") && words.size() == 1) {
      throw refused(start, first, "it cannot run in a transaction; name a table");
    }
    if (SESSION.contains(first) || isSessionSetting(words)) {
      throw refused(
          start,
          two,
          "it changes the session or its limits, which other transactions use as well; SET LOCAL is allowed for other settings");
    }
    if (first.equals("COPY") && words.contains("STDOUT")) {
      throw refused(start, first, "nobody is there to take its rows");
    }
  }

  private static boolean isOutside(List<String> words) {
    return isConcurrent(words) || OUTSIDE.contains(words.get(0)) || OUTSIDE.contains(two(words));
  }

  private static boolean isConcurrent(List<String> words) {
    return words.contains("CONCURRENTLY") && !two(words).equals("REFRESH MATERIALIZED");
  }

  private static String two(List<String> words) {
    return words.get(0) + " " + ((words.size() > 1) ? words.get(1) : "");
  }

  private static String name(List<String> words) {
    return isConcurrent(words) ? two(words) + " … CONCURRENTLY" : two(words);
  }

  private static boolean isSessionSetting(List<String> words) {
    if (!words.get(0).equals("SET") || words.size() < 2 || words.get(1).equals("CONSTRAINTS")) {
      return false;
    }
    return !words.get(1).equals("LOCAL") || words.size() < 3 || LIMITS.contains(words.get(2));
  }

  /** Whether it sets or resets a setting, which is nothing that a role is taken by. */
  private static boolean isSetting(List<String> words) {
    return (words.get(0).equals("RESET") || isSessionSetting(words))
        && words.size() > 1
        && !two(words).equals("SET TRANSACTION")
        && words.stream().noneMatch(Set.of("ROLE", "AUTHORIZATION", "CHARACTERISTICS")::contains);
  }

  /**
   * A statement that sets something for the session, as one for the transaction.
   *
   * @param placed one that {@link #place(String, boolean)} gave
   * @return {@code null} if nothing is to be run: limits of time are those of the library, and a
   *     reset is what the end of the transaction does
   */
  public static @Nullable String forTransaction(Placed placed) {
    List<String> words = placed.words();
    if (!isSetting(words)) {
      return placed.sql();
    }
    int at = Set.of("LOCAL", "SESSION").contains(words.get(1)) ? 2 : 1;
    boolean limit = words.size() <= at || LIMITS.contains(words.get(at));
    if (words.get(0).equals("RESET") || limit) {
      return null;
    }
    Token behind = SqlLexer.tokens(placed.sql()).get(at - 1);
    return "SET LOCAL" + placed.sql().substring(behind.end());
  }

  private static MalformedSqlException refused(int start, String what, String why) {
    return new MalformedSqlException(
        "\"%s\" is not possible here: %s".formatted(what.strip(), why), start);
  }

  private static String word(String sql, Token token) {
    return (token.kind() == Kind.WORD)
        ? sql.substring(token.start(), token.end()).toUpperCase(Locale.ROOT)
        : "";
  }
}
