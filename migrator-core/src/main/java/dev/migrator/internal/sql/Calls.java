package dev.migrator.internal.sql;

import dev.migrator.internal.sql.SqlLexer.Kind;
import dev.migrator.internal.sql.SqlLexer.Token;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The calls of functions in an expression. */
public final class Calls {

  private Calls() {}

  /**
   * The expression with a call of another function in place of some.
   *
   * @param functions names in lower case
   */
  public static String renamed(String expression, Set<String> functions, String other) {
    List<Token> tokens = SqlLexer.tokens(expression);
    StringBuilder renamed = new StringBuilder();
    int from = 0;
    for (int i = 0; i + 1 < tokens.size(); i++) {
      Token token = tokens.get(i);
      String word = expression.substring(token.start(), token.end()).toLowerCase(Locale.ROOT);
      if (token.kind() == Kind.WORD
          && functions.contains(word)
          && tokens.get(i + 1).kind() == Kind.OPEN) {
        renamed.append(expression, from, qualifier(expression, tokens, i)).append(other);
        from = token.end();
      }
    }
    return renamed.append(expression, from, expression.length()).toString();
  }

  /** Where the name of a function of the server begins, with its schema if it has one. */
  private static int qualifier(String expression, List<Token> tokens, int at) {
    int start = tokens.get(at).start();
    boolean qualified =
        at >= 2
            && tokens.get(at - 1).kind() == Kind.SYMBOL
            && expression.charAt(tokens.get(at - 1).start()) == '.'
            && expression.startsWith("pg_catalog", tokens.get(at - 2).start());
    return qualified ? tokens.get(at - 2).start() : start;
  }
}
