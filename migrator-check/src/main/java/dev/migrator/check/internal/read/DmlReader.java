package dev.migrator.check.internal.read;

import dev.migrator.check.internal.read.Parsed.Mark;
import java.util.List;
import java.util.Set;

/** Reads what changes rows. */
final class DmlReader {

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

  /** What stands behind the queries that it names. */
  static Parsed with(Cursor it) {
    while (!it.isAtEnd()) {
      String word = it.word();
      if (Set.of("INSERT", "UPDATE", "DELETE", "MERGE").contains(word)) {
        it.skip();
        return read(word, it);
      }
      if (word.equals("SELECT")) {
        return Parsed.of(StatementKind.SELECT);
      }
      it.skip();
    }
    return Parsed.of(StatementKind.OTHER);
  }
}
