package dev.migrator.internal.sql;

import dev.migrator.internal.sql.SqlLexer.Kind;
import dev.migrator.internal.sql.SqlLexer.Token;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How the text of a function uses the rows of a table. It is read as tokens, without the grammar:
 * enough to find what a person would find by looking, and to name the line.
 */
public final class RowCode {

  /** What stands before a statement of PL/pgSQL. */
  private static final Set<String> BEFORE_STATEMENT = Set.of(";", "begin", "then", "else", "loop");

  /** What stands before a star that means all columns. */
  private static final Set<String> BEFORE_STAR =
      Set.of("select", "distinct", "all", "returning", ",", ".");

  private static final Set<String> BEHIND_TARGETS = Set.of(";", "from", "using", "where", "values");

  private final List<Part> parts;

  private RowCode(List<Part> parts) {
    this.parts = parts;
  }

  /** Reads a text; one that is no SQL has nothing. */
  public static RowCode of(String text) {
    return new RowCode(parts(text, 1));
  }

  private static List<Part> parts(String text, int firstLine) {
    List<Part> parts = new ArrayList<>();
    for (Token token : tokens(text)) {
      parts.add(
          new Part(
              name(text, token),
              firstLine - 1 + line(text, token.start()),
              token.kind() == Kind.LITERAL ? text.substring(token.start(), token.end()) : ""));
    }
    return List.copyOf(parts);
  }

  /** A backslash before a quote does not escape it by the standard, which counts for most. */
  private static List<Token> tokens(String text) {
    try {
      return SqlLexer.tokens(text);
    } catch (MalformedSqlException ex) {
      try {
        return SqlLexer.tokens(text.replace('\\', ' '));
      } catch (MalformedSqlException second) {
        return List.of();
      }
    }
  }

  private static String name(String text, Token token) {
    String part = text.substring(token.start(), token.end());
    if (token.kind() == Kind.QUOTED_NAME) {
      return part.substring(part.indexOf('"') + 1, part.length() - 1).replace("\"\"", "\"");
    }
    // A literal must not look like a word.
    return token.kind() == Kind.LITERAL ? "'" : part.toLowerCase(Locale.ROOT).strip();
  }

  private static int line(String text, int at) {
    return 1 + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
  }

  /** The line in which a BEFORE trigger gives a column of its row a value, or the whole row. */
  public OptionalInt assigns(String column) {
    for (int i = 0; i < parts.size(); i++) {
      boolean field = is(i, "new") && is(i + 1, ".") && is(i + 2, column);
      boolean row = is(i, "new") && !is(i + 1, ".");
      int behind = field ? i + 3 : i + 1;
      boolean assigned =
          (is(behind, ":") && is(behind + 1, "="))
              || ((is(behind, "=") || is(behind, "[")) && beginsStatement(i));
      if ((field || row) && (assigned || isTarget(i))) {
        return OptionalInt.of(parts.get(i).line);
      }
    }
    return OptionalInt.empty();
  }

  private boolean beginsStatement(int i) {
    return i == 0 || BEFORE_STATEMENT.contains(parts.get(i - 1).text);
  }

  /** Whether it stands behind an INTO that is none of an INSERT. */
  private boolean isTarget(int i) {
    for (int before = i - 1; before >= 0; before--) {
      String text = parts.get(before).text;
      if (text.equals("into")) {
        return before == 0 || !(is(before - 1, "insert") || is(before - 1, "merge"));
      }
      if (BEHIND_TARGETS.contains(text)) {
        return false;
      }
    }
    return false;
  }

  /**
   * The line of an INSERT that names no columns and gives all of a row of a trigger.
   *
   * @param transitions the names that the trigger gives to its transition tables
   */
  public OptionalInt insertsWholeRow(Collection<String> transitions) {
    for (int i = 0; i + 1 < parts.size(); i++) {
      if (is(i, "insert") && is(i + 1, "into")) {
        int values = behindName(i + 2);
        boolean list = is(values, "(") && !is(values + 1, "select");
        if (!list && givesWholeRow(values, transitions)) {
          return OptionalInt.of(parts.get(i).line);
        }
      }
    }
    return insertsWholeParameter();
  }

  /** The same by SQL that is put together, with all of a parameter. */
  private OptionalInt insertsWholeParameter() {
    boolean inserts = false;
    for (Part part : parts) {
      if (!part.literal.isEmpty()) {
        List<Part> inside = inside(part);
        inserts |= inside.stream().anyMatch(it -> it.text.equals("insert"));
        if (inserts && new RowCode(inside).hasWholeParameter()) {
          return OptionalInt.of(part.line);
        }
      }
    }
    return OptionalInt.empty();
  }

  private static List<Part> inside(Part part) {
    int quote = part.literal.indexOf('\'');
    String text =
        part.literal.startsWith("$")
            ? part.literal.substring(
                part.literal.indexOf('$', 1) + 1,
                part.literal.lastIndexOf('$', part.literal.length() - 2))
            : part.literal.substring(quote + 1, part.literal.length() - 1).replace("''", "'");
    return parts(text, part.line);
  }

  private boolean hasWholeParameter() {
    for (int i = 2; i < parts.size(); i++) {
      boolean all = is(i, "*") && is(i - 1, ".");
      int row = is(i - 2, ")") ? i - 3 : i - 2;
      if (all && (is(row - 1, "$") || is(row, "new") || is(row, "old"))) {
        return true;
      }
    }
    return false;
  }

  /** The line of an INSERT into another table that takes all columns of one, and names none. */
  public OptionalInt copiesAllColumns(String table) {
    for (int i = 0; i + 1 < parts.size(); i++) {
      int select = behindName(i + 2);
      int from = behindName(select + 3);
      if (is(i, "insert")
          && is(i + 1, "into")
          && !isSameName(i + 2, select + 3)
          && is(select, "select")
          && is(select + 1, "*")
          && is(select + 2, "from")
          && is(from - 1, table)
          && !is(from, ",")) {
        return OptionalInt.of(parts.get(i).line);
      }
    }
    return OptionalInt.empty();
  }

  /** The line of a statement that writes or reads a table by the places of its columns. */
  public OptionalInt usesPlaces(String table) {
    for (int i = 0; i + 1 < parts.size(); i++) {
      if ((is(i, "insert") && is(i + 1, "into") && insertsPlaces(i + 2, table))
          || (is(i, "select") && is(i + 1, "*") && selectsPlaces(i + 2, table))) {
        return OptionalInt.of(parts.get(i).line);
      }
    }
    return OptionalInt.empty();
  }

  private boolean insertsPlaces(int name, String table) {
    int behind = behindName(name);
    boolean named = is(behind - 1, table) || (is(behind - 2, "as") && is(behind - 3, table));
    boolean list = is(behind, "(") && !is(behind + 1, "select");
    return named && !list && !is(behind, "default");
  }

  /** All columns into a list of variables. */
  private boolean selectsPlaces(int into, String table) {
    if (!is(into, "into")) {
      return false;
    }
    int from = into + 1;
    boolean several = false;
    while (from < parts.size() && !is(from, "from") && !is(from, ";")) {
      several |= is(from, ",");
      from++;
    }
    return several && is(from, "from") && is(behindName(from + 1) - 1, table);
  }

  /** A table of the same name in another schema is another one. */
  private boolean isSameName(int one, int other) {
    int first = one;
    int second = other;
    while (second < parts.size() && is(first, parts.get(second).text)) {
      boolean more = is(first + 1, ".");
      if (!more || !is(second + 1, ".")) {
        return more == is(second + 1, ".");
      }
      first += 2;
      second += 2;
    }
    return false;
  }

  private int behindName(int i) {
    int behind = i + 1;
    while (is(behind, ".")) {
      behind += 2;
    }
    return is(behind, "as") ? behind + 2 : behind;
  }

  private boolean givesWholeRow(int from, Collection<String> transitions) {
    boolean star = false;
    boolean transition = false;
    for (int i = from; i < parts.size() && !is(i, ";"); i++) {
      boolean row = is(i, "new") || is(i, "old");
      int behind = is(i + 1, ")") ? i + 2 : i + 1;
      if (row && is(behind, ".") && is(behind + 1, "*")) {
        return true;
      }
      star |= isStar(i);
      transition |= transitions.contains(parts.get(i).text);
    }
    return star && transition;
  }

  /** The line of a statement that names a table and means all columns, whichever there are. */
  public OptionalInt takesAllColumns(String table) {
    int star = -1;
    boolean named = false;
    for (int i = 0; i <= parts.size(); i++) {
      if (i == parts.size() || is(i, ";")) {
        if (named && star >= 0) {
          return OptionalInt.of(parts.get(star).line);
        }
        star = -1;
        named = false;
      } else {
        named |= is(i, table);
        boolean copies = is(i, "copy") && (is(i + 1, table) || is(i + 3, table));
        int behind = is(i + 1, table) ? i + 2 : i + 4;
        star = (isStar(i) || (copies && !is(behind, "("))) ? i : star;
      }
    }
    return OptionalInt.empty();
  }

  /** The line of a RETURN QUERY that lists columns. */
  public OptionalInt returnsList() {
    for (int i = 0; i + 2 < parts.size(); i++) {
      if (is(i, "return") && is(i + 1, "query") && is(i + 2, "select") && !hasStar(i + 3)) {
        return OptionalInt.of(parts.get(i).line);
      }
    }
    return OptionalInt.empty();
  }

  /** The line of the last SELECT, if it lists columns, as a function in SQL returns it. */
  public OptionalInt selectsList() {
    for (int i = parts.size() - 1; i >= 0; i--) {
      if (is(i, "select")) {
        return hasStar(i + 1) ? OptionalInt.empty() : OptionalInt.of(parts.get(i).line);
      }
    }
    return OptionalInt.empty();
  }

  /** One value may be the whole row. */
  private boolean hasStar(int from) {
    int depth = 0;
    boolean several = false;
    for (int i = from; i < parts.size() && !is(i, ";"); i++) {
      if (isStar(i)) {
        return true;
      }
      depth += is(i, "(") ? 1 : is(i, ")") ? -1 : 0;
      if (is(i, "from") && depth == 0) {
        return !several;
      }
      several |= is(i, ",") && depth == 0;
    }
    return !several;
  }

  private boolean isStar(int i) {
    return is(i, "*") && (i > 0 && BEFORE_STAR.contains(parts.get(i - 1).text));
  }

  private boolean is(int i, String text) {
    return i >= 0 && i < parts.size() && parts.get(i).text.equals(text);
  }

  /**
   * A token.
   *
   * @param literal all of it, if it is a literal
   */
  private record Part(String text, int line, String literal) {}
}
