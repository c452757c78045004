package dev.migrator.internal.sql;

import dev.migrator.internal.sql.SqlLexer.Token;
import java.util.List;

/** Whether a semicolon ends a statement, or stands within parentheses or a block of a function. */
final class Nesting {

  private int depth;

  private int blocks;

  boolean isOutside() {
    return depth == 0 && blocks == 0;
  }

  /**
   * Looks at one more token.
   *
   * @param tokens those of the statement so far, the last of which is new
   */
  void add(String sql, List<Token> tokens) {
    switch (tokens.get(tokens.size() - 1).kind()) {
      case OPEN -> depth++;
      case CLOSE -> depth = Math.max(0, depth - 1);
      case WORD -> blocks = Statements.blocks(blocks, sql, tokens);
      default -> {}
    }
  }
}
