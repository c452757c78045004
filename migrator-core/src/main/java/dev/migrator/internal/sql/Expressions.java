package dev.migrator.internal.sql;

import dev.migrator.internal.sql.SqlLexer.Token;

/**
 * Proves that a piece of the user's SQL stays within the place it is put in: it ends nothing that
 * is around it, and begins nothing that it does not end.
 */
public final class Expressions {

  private Expressions() {}

  /**
   * That it can be one expression or one type.
   *
   * @throws MalformedSqlException saying why not
   */
  public static void requireOne(String sql) {
    require(sql, true);
  }

  /**
   * That it can be expressions with commas between them.
   *
   * @throws MalformedSqlException saying why not
   */
  public static void requireList(String sql) {
    require(sql, false);
  }

  private static void require(String sql, boolean one) {
    int depth = 0;
    boolean empty = true;
    for (Token token : SqlLexer.tokens(sql)) {
      empty = false;
      switch (token.kind()) {
        case SEMICOLON ->
            throw new MalformedSqlException(
                "it is more than one statement: character %d is a semicolon"
                    .formatted(token.start() + 1));
        case OPEN -> depth++;
        case CLOSE -> {
          if (--depth < 0) {
            throw new MalformedSqlException(
                "nothing opened the parenthesis at character %d".formatted(token.start() + 1));
          }
        }
        case SYMBOL -> {
          if (one && depth == 0 && sql.charAt(token.start()) == ',') {
            throw new MalformedSqlException(
                "it is more than one expression: there is a comma at character %d"
                    .formatted(token.start() + 1));
          }
        }
        case WORD, QUOTED_NAME, LITERAL, NUMBER -> {}
      }
    }
    if (empty) {
      throw new MalformedSqlException("it is empty");
    }
    if (depth > 0) {
      throw new MalformedSqlException("%d of its parentheses are not closed".formatted(depth));
    }
    if (SqlLexer.endsInComment(sql)) {
      throw new MalformedSqlException("it ends in a comment that has no end; remove it");
    }
    if (sql.contains("$migrator$")) {
      throw new MalformedSqlException(
          "it contains $migrator$, by which the library quotes its functions");
    }
  }
}
