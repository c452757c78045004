package dev.migrator.internal.sql;

import dev.migrator.internal.sql.SqlLexer.Kind;
import dev.migrator.internal.sql.SqlLexer.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

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
   */
  public record Placed(int start, String sql, List<String> words, boolean outside) {

    public Placed {
      words = List.copyOf(words);
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
   * Splits SQL in the same way, also where a statement cannot run in a transaction.
   *
   * @return the statements; at least one
   * @throws MalformedSqlException if there is none, or one of them ends the transaction or changes
   *     the session
   */
  public static List<Placed> place(String sql) {
    List<Placed> statements = new ArrayList<>();
    List<Token> current = new ArrayList<>();
    int depth = 0;
    int blocks = 0;
    for (Token token : SqlLexer.tokens(sql)) {
      if (token.kind() == Kind.SEMICOLON && depth == 0 && blocks == 0) {
        add(statements, sql, current);
        current.clear();
        continue;
      }
      current.add(token);
      switch (token.kind()) {
        case OPEN -> depth++;
        case CLOSE -> depth = Math.max(0, depth - 1);
        case WORD -> blocks = blocks(blocks, sql, current);
        default -> {}
      }
    }
    add(statements, sql, current);
    if (statements.isEmpty()) {
      throw new MalformedSqlException("it has no statement");
    }
    return statements;
  }

  /** A function can have its statements as a block, with semicolons between them. */
  private static int blocks(int blocks, String sql, List<Token> tokens) {
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

  private static void add(List<Placed> statements, String sql, List<Token> tokens) {
    if (tokens.isEmpty()) {
      return;
    }
    int start = tokens.get(0).start();
    List<String> words =
        tokens.stream()
            .limit(MAX_WORDS)
            .map(it -> it.kind() == Kind.WORD ? word(sql, it) : "")
            .toList();
    check(start, words);
    String text = sql.substring(start, tokens.get(tokens.size() - 1).end());
    statements.add(new Placed(start, text, words, isOutside(words)));
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
    if (first.equals("COPY") && (words.contains("STDIN") || words.contains("STDOUT"))) {
      throw refused(start, first, "nobody is there to send or take its rows; use INSERT");
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
