package dev.migrator.internal.sql;

import dev.migrator.internal.sql.SqlLexer.Kind;
import dev.migrator.internal.sql.SqlLexer.Token;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Names functions and operators of the server with their schema, in an expression as the server
 * itself writes it with {@code search_path = pg_catalog}: there, what has no schema is the
 * server's, every operation is in parentheses, and every cast is written.
 */
public final class QualifiedCalls {

  /** What can stand in an operator. */
  private static final String OPERATOR = "+-*/<>=~!@#%^&|`?";

  /** {@code character varying(10)} is a type, and {@code OPERATOR(public.=)} an operator. */
  private static final Set<String> NO_FUNCTIONS = Set.of("varying", "operator");

  private QualifiedCalls() {}

  /**
   * The expression with the names.
   *
   * @param keywords words of the grammar that no function is called by, in lower case
   */
  public static String of(String expression, Set<String> keywords) {
    List<Token> tokens = SqlLexer.tokens(expression);
    StringBuilder all = new StringBuilder();
    int from = 0;
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (isCall(expression, tokens, i, keywords)) {
        all.append(expression, from, token.start()).append("pg_catalog.");
        from = token.start();
      } else if (isOperator(expression, token) && !isInOperator(expression, tokens, i)) {
        int last = i;
        while (last + 1 < tokens.size()
            && isOperator(expression, tokens.get(last + 1))
            && tokens.get(last + 1).start() == tokens.get(last).end()) {
          last++;
        }
        int end = tokens.get(last).end();
        String operator = expression.substring(token.start(), end);
        if (!operator.equals("=>")) {
          all.append(expression, from, token.start())
              .append("OPERATOR(pg_catalog.")
              .append(operator)
              .append(")");
          from = end;
        }
        i = last;
      }
    }
    return all.append(expression, from, expression.length()).toString();
  }

  private static boolean isCall(
      String expression, List<Token> tokens, int at, Set<String> keywords) {
    Token token = tokens.get(at);
    boolean word = token.kind() == Kind.WORD;
    if (!(word || token.kind() == Kind.QUOTED_NAME)
        || at + 1 == tokens.size()
        || tokens.get(at + 1).kind() != Kind.OPEN
        || (at > 0 && text(expression, tokens.get(at - 1)).matches("[.:]"))) {
      return false;
    }
    String name = text(expression, token).toLowerCase(Locale.ROOT);
    return !word || !(keywords.contains(name) || NO_FUNCTIONS.contains(name));
  }

  private static boolean isOperator(String expression, Token token) {
    return token.kind() == Kind.SYMBOL
        && token.end() == token.start() + 1
        && OPERATOR.indexOf(expression.charAt(token.start())) >= 0;
  }

  /** Whether it is named already, as in {@code OPERATOR(public.=)}, or means all columns. */
  private static boolean isInOperator(String expression, List<Token> tokens, int at) {
    return at > 0 && text(expression, tokens.get(at - 1)).equals(".");
  }

  private static String text(String expression, Token token) {
    return expression.substring(token.start(), token.end());
  }
}
