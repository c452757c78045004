package dev.migrator.check.internal.read;

import dev.migrator.check.internal.read.Parsed.Mark;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads what changes rows. */
final class DmlReader {

  private static final Set<String> CHANGES = Set.of("INSERT", "UPDATE", "DELETE", "MERGE");

  private DmlReader() {}

  static Parsed read(String first, Cursor it) {
    it.take("INTO");
    it.take("FROM");
    it.take("ONLY");
    QualifiedName table = it.name();
    StatementKind kind =
        switch (first) {
          case "INSERT" -> StatementKind.INSERT;
          case "UPDATE" -> StatementKind.UPDATE;
          case "DELETE" -> StatementKind.DELETE;
          default -> StatementKind.MERGE;
        };
    if (kind == StatementKind.INSERT) {
      Mark[] query =
          it.hasLeft("SELECT") || it.hasLeft("TABLE") ? new Mark[] {Mark.QUERY} : new Mark[0];
      return Parsed.of(kind, table, query);
    }
    if (kind == StatementKind.MERGE) {
      return Parsed.of(kind, table, isBounded(it) ? new Mark[] {Mark.WHERE} : new Mark[0]);
    }
    boolean where = false;
    while (!it.isAtEnd() && !where) {
      if (it.take("WHERE")) {
        where = !isTautology(it);
        break;
      }
      it.skip();
    }
    Set<Mark> marks = where ? Set.of(Mark.WHERE) : Set.of();
    return new Parsed(kind, table, List.of(), List.of(), marks, null, List.of(), "");
  }

  /** Whether it says which of the rows without a partner it changes; plans do not show it. */
  private static boolean isBounded(Cursor it) {
    boolean bounded = false;
    while (!it.isAtEnd()) {
      if (it.take("BY", "SOURCE")) {
        if (!it.take("AND")) {
          return false;
        }
        bounded = true;
      } else {
        it.skip();
      }
    }
    return bounded;
  }

  /** What holds for every row. */
  private static boolean isTautology(Cursor it) {
    int from = it.index();
    while (!it.isAtEnd() && !it.at("RETURNING")) {
      it.skip();
    }
    String condition = it.since(from).replaceAll("[()\\s]", "");
    return condition.equalsIgnoreCase("true")
        || condition.equalsIgnoreCase("nottrue=false")
        || condition.matches("(\\d+|'[^']*')(=|<=|>=)\\1");
  }

  /**
   * What stands behind the queries that it names, or what these change: that which has no bound, if
   * one has none.
   */
  static Parsed with(Cursor it) {
    List<Parsed> changes = new ArrayList<>();
    while (!it.isAtEnd()) {
      String word = it.word();
      if (CHANGES.contains(word)) {
        it.skip();
        changes.add(0, read(word, it));
        break;
      }
      if (word.equals("SELECT")) {
        break;
      }
      if (it.symbol('(')) {
        named(it, changes);
      } else {
        it.skip();
      }
    }
    return changes.stream()
        .filter(change -> isWhole(change))
        .findFirst()
        .or(() -> changes.stream().findFirst())
        .orElseGet(() -> Parsed.of(StatementKind.SELECT));
  }

  private static boolean isWhole(Parsed it) {
    return (it.kind() == StatementKind.UPDATE || it.kind() == StatementKind.DELETE)
        && !it.has(Mark.WHERE);
  }

  private static void named(Cursor it, List<Parsed> changes) {
    Cursor query = it.parenthesized();
    String word = query.word();
    if (CHANGES.contains(word)) {
      query.skip();
      changes.add(read(word, query));
    }
  }
}
