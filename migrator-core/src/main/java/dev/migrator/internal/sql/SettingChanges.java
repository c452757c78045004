package dev.migrator.internal.sql;

import dev.migrator.internal.sql.SqlLexer.Kind;
import dev.migrator.internal.sql.SqlLexer.Token;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Whether SQL may set or reset a setting: as a statement, by a function, or in code that it has as
 * a literal, such as that of DO. The server does not tell: it lists no setting that nobody has
 * declared. A text in doubt counts as one that may.
 */
public final class SettingChanges {

  /** What a statement can follow in a block of code. */
  private static final Set<String> BEFORE_STATEMENT = Set.of("BEGIN", "THEN", "ELSE", "LOOP");

  private static final Set<String> OF_SETTING = Set.of("LOCAL", "SESSION");

  private SettingChanges() {}

  /** Whether one may be in a statement. */
  public static boolean mayBeIn(String sql) {
    try {
      List<Token> tokens = SqlLexer.tokens(sql);
      for (int i = 0; i < tokens.size(); i++) {
        if (isOne(sql, tokens, i)) {
          return true;
        }
      }
      return false;
    } catch (MalformedSqlException ex) {
      return mayBeInWords(sql);
    }
  }

  private static boolean isOne(String sql, List<Token> tokens, int at) {
    Token token = tokens.get(at);
    if (token.kind() == Kind.LITERAL) {
      return mayBeIn(inside(sql.substring(token.start(), token.end())));
    }
    return switch (word(sql, token)) {
      case "SET_CONFIG", "\"set_config\"", "RESET" -> true;
      case "SET" ->
          at == 0
              || isBeforeStatement(sql, tokens.get(at - 1))
              || (at + 1 < tokens.size() && OF_SETTING.contains(word(sql, tokens.get(at + 1))));
      default -> false;
    };
  }

  /**
   * In a literal within a literal, that one begins with doubled quotes, which look like a whole.
   */
  private static boolean isBeforeStatement(String sql, Token before) {
    return switch (before.kind()) {
      case SEMICOLON -> true;
      case LITERAL ->
          sql.substring(before.start(), before.end()).chars().allMatch(it -> it == '\'');
      default -> BEFORE_STATEMENT.contains(word(sql, before));
    };
  }

  /** Without its quotes, and what stands before them. */
  private static String inside(String literal) {
    int end = literal.charAt(literal.length() - 1) == '$' ? literal.indexOf('$', 1) + 1 : 1;
    int start = literal.startsWith("$") ? end : literal.indexOf('\'') + 1;
    return literal.substring(start, literal.length() - end);
  }

  /** Of a text that is no SQL. */
  private static boolean mayBeInWords(String text) {
    Mentions words = Mentions.in(text);
    return words.contain("set") || words.contain("reset") || words.contain("set_config");
  }

  private static String word(String sql, Token token) {
    String text = sql.substring(token.start(), token.end());
    return switch (token.kind()) {
      case WORD -> text.toUpperCase(Locale.ROOT);
      case QUOTED_NAME -> text;
      default -> "";
    };
  }
}
