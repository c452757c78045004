package dev.migrator.check.internal.read;

import dev.migrator.internal.sql.MalformedSqlException;
import dev.migrator.internal.sql.SqlLexer;
import dev.migrator.internal.sql.SqlLexer.Kind;
import dev.migrator.internal.sql.SqlLexer.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Goes through the tokens of one statement. */
final class Cursor {

  /** What is longer is long because of its values. */
  private static final int MAX_TOKENS = 20_000;

  private final String sql;

  private final List<Token> tokens;

  private final int last;

  private int at;

  private Cursor(String sql, List<Token> tokens, int from, int last) {
    this.sql = sql;
    this.tokens = tokens;
    this.at = from;
    this.last = last;
  }

  static Cursor of(String sql) {
    List<Token> tokens = new ArrayList<>();
    SqlLexer lexer = SqlLexer.on(sql);
    try {
      for (Token it = lexer.next(); it != null && tokens.size() < MAX_TOKENS; it = lexer.next()) {
        tokens.add(it);
      }
    } catch (MalformedSqlException ex) {
      // What was read until then tells what it is.
    }
    return new Cursor(sql, tokens, 0, tokens.size());
  }

  boolean isAtEnd() {
    return at >= last;
  }

  int index() {
    return at;
  }

  /** The word at hand in capitals; empty if it is none. */
  String word() {
    return wordAt(at);
  }

  private String wordAt(int index) {
    return (index < last && tokens.get(index).kind() == Kind.WORD)
        ? text(index).toUpperCase(Locale.ROOT)
        : "";
  }

  private String text(int index) {
    return sql.substring(tokens.get(index).start(), tokens.get(index).end());
  }

  boolean at(String... words) {
    for (int i = 0; i < words.length; i++) {
      if (!wordAt(at + i).equals(words[i])) {
        return false;
      }
    }
    return true;
  }

  boolean take(String... words) {
    boolean found = at(words);
    at += found ? words.length : 0;
    return found;
  }

  boolean takeAny(Set<String> words) {
    boolean found = words.contains(word());
    at += found ? 1 : 0;
    return found;
  }

  /** Takes IF EXISTS or IF NOT EXISTS. */
  boolean takeIf() {
    return take("IF", "NOT", "EXISTS") || take("IF", "EXISTS");
  }

  boolean symbol(char symbol) {
    return at < last && sql.charAt(tokens.get(at).start()) == symbol;
  }

  /** Another one at the same place. */
  Cursor copy() {
    return new Cursor(sql, tokens, at, last);
  }

  /** Over one token. */
  void step() {
    at = Math.min(at + 1, last);
  }

  /** Over one token, or all that is in parentheses. */
  void skip() {
    if (at < last && tokens.get(at).kind() == Kind.OPEN) {
      int depth = 0;
      do {
        depth +=
            switch (tokens.get(at).kind()) {
              case OPEN -> 1;
              case CLOSE -> -1;
              default -> 0;
            };
        at++;
      } while (at < last && depth > 0);
    } else {
      step();
    }
  }

  /** The text from a token to before the one at hand. */
  String since(int from) {
    return (from >= at) ? "" : sql.substring(tokens.get(from).start(), tokens.get(at - 1).end());
  }

  /** All that is left. */
  String rest() {
    return isAtEnd() ? "" : sql.substring(tokens.get(at).start(), tokens.get(last - 1).end());
  }

  /** The same without some words that may stand outside of parentheses. */
  String restWithout(String... words) {
    Cursor before = before(words);
    String first = before.since(at);
    return before.take(words) ? (first + " " + before.rest()).strip() : rest();
  }

  /** Whether words stand anywhere from here on outside of parentheses. */
  boolean hasOutside(String... words) {
    return !before(words).isAtEnd();
  }

  private Cursor before(String... words) {
    Cursor before = copy();
    while (!before.isAtEnd() && !before.at(words)) {
      before.skip();
    }
    return before;
  }

  /** Whether a word stands anywhere from here on. */
  boolean hasLeft(String... words) {
    for (int i = at; i < last; i++) {
      boolean all = true;
      for (int j = 0; j < words.length && all; j++) {
        all = wordAt(i + j).equals(words[j]);
      }
      if (all) {
        return true;
      }
    }
    return false;
  }

  /** A name with those before it. */
  @Nullable QualifiedName name() {
    int from = at;
    List<String> parts = new ArrayList<>();
    do {
      String part = part();
      if (part == null) {
        at = from;
        return null;
      }
      parts.add(part);
    } while (point());
    String schema = (parts.size() > 1) ? parts.get(parts.size() - 2) : null;
    return new QualifiedName(schema, parts.get(parts.size() - 1), since(from));
  }

  private @Nullable String part() {
    if (at >= last) {
      return null;
    }
    String text = text(at);
    if (tokens.get(at).kind() == Kind.WORD) {
      at++;
      return text.toLowerCase(Locale.ROOT);
    }
    if (tokens.get(at).kind() == Kind.QUOTED_NAME && text.startsWith("\"")) {
      at++;
      return text.substring(1, text.length() - 1).replace("\"\"", "\"");
    }
    return null;
  }

  private boolean point() {
    boolean point = symbol('.');
    at += point ? 1 : 0;
    return point;
  }

  /** Names with commas between them. */
  List<QualifiedName> names() {
    List<QualifiedName> names = new ArrayList<>();
    do {
      take("ONLY");
      QualifiedName name = name();
      if (name == null) {
        break;
      }
      names.add(name);
      if (symbol('*')) {
        at++;
      }
    } while (comma());
    return names;
  }

  private boolean comma() {
    boolean comma = symbol(',');
    at += comma ? 1 : 0;
    return comma;
  }

  /** What is in the parentheses at hand, which are left behind. */
  Cursor parenthesized() {
    int from = at + 1;
    skip();
    return new Cursor(sql, tokens, from, at - 1);
  }

  /** The parts between commas of what is left, or of the parentheses at hand. */
  List<Cursor> parts(boolean parenthesized) {
    List<Cursor> parts = new ArrayList<>();
    int end = last;
    if (parenthesized) {
      int from = at;
      skip();
      end = at - 1;
      at = from + 1;
    }
    int from = at;
    while (at < end) {
      if (symbol(',')) {
        parts.add(new Cursor(sql, tokens, from, at));
        from = at + 1;
        at++;
      } else {
        skip();
      }
    }
    if (from < end) {
      parts.add(new Cursor(sql, tokens, from, end));
    }
    at = parenthesized ? end + 1 : end;
    return parts;
  }

  /** The tokens of a text, for a look at what an expression is made of. */
  static List<String> words(String sql) {
    Cursor cursor = of(sql);
    List<String> words = new ArrayList<>();
    while (!cursor.isAtEnd()) {
      words.add(cursor.text(cursor.at));
      cursor.at++;
    }
    return words;
  }
}
