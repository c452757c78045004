package dev.migrator.internal.catalog;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds where an expression takes the whole row of a table, as the catalog stores it: nodes in
 * braces, each with its name first. In a policy it may have queries, which have tables of their
 * own.
 */
final class WholeRow {

  /** Anything that is not a function. */
  static final long NO_FUNCTION = 0;

  private static final Pattern LEVEL = Pattern.compile(":varlevelsup (\\d+)");

  private static final Pattern FUNCTION = Pattern.compile("FUNCEXPR :funcid (\\d+)");

  private final String expression;

  private final boolean queriesTable;

  private final Deque<Integer> open = new ArrayDeque<>();

  private final Set<Long> takers = new TreeSet<>();

  private int queries;

  private WholeRow(String expression, long table) {
    this.expression = expression;
    this.queriesTable = expression.contains(":relid " + table + " ");
  }

  /**
   * What takes the whole row.
   *
   * @param table the table's object id
   * @return the object ids of functions, and {@link #NO_FUNCTION}
   */
  static Set<Long> takers(String expression, long table) {
    WholeRow found = new WholeRow(expression, table);
    found.scan();
    return found.takers;
  }

  private void scan() {
    for (int i = 0; i < expression.length(); i++) {
      switch (expression.charAt(i)) {
        case '\\' -> i++; // what follows is a part of a name
        case '{' -> {
          open.push(i + 1);
          queries += is(i + 1, "QUERY ") ? 1 : 0;
        }
        case '}' -> close(open.pop(), i);
        default -> {}
      }
    }
  }

  private void close(int start, int end) {
    if (is(start, "QUERY ")) {
      queries--;
    } else if (is(start, "VAR ")) {
      String node = expression.substring(start, end);
      if (node.contains(":varattno 0 ") && isOfTable(node)) {
        takers.add(taker());
      }
    }
  }

  /** Within a query, what is not from further out is of one of its own tables. */
  private boolean isOfTable(String node) {
    Matcher level = LEVEL.matcher(node);
    return queriesTable || !level.find() || Integer.parseInt(level.group(1)) == queries;
  }

  /** A partition gives a function the row as one of its parent. */
  private long taker() {
    for (int start : open) {
      if (!is(start, "CONVERTROWTYPEEXPR ")) {
        Matcher function = FUNCTION.matcher(expression).region(start, expression.length());
        return function.lookingAt() ? Long.parseLong(function.group(1)) : NO_FUNCTION;
      }
    }
    return NO_FUNCTION;
  }

  private boolean is(int at, String name) {
    return expression.startsWith(name, at);
  }
}
