package dev.migrator.check.internal.changelog;

import java.util.List;

/**
 * Where a change set stands.
 *
 * @param line its line, from 1; 1 if it was not found
 * @param foreign its changes that are not Liquibase's own, by their names
 * @param text the text of its file; empty if it was not found
 */
record ChangeSetPlace(int line, List<String> foreign, String text) {

  static final ChangeSetPlace UNKNOWN = new ChangeSetPlace(1, List.of(), "");

  ChangeSetPlace {
    foreign = List.copyOf(foreign);
  }

  /** The line of a statement that stands there as it is run; the line of the change set if not. */
  int lineOf(String sql) {
    int from = 0;
    for (int i = 1; i < line; i++) {
      from = text.indexOf('\n', from) + 1;
    }
    int at = text.indexOf(sql, from);
    if (sql.isEmpty() || at < 0) {
      return line;
    }
    return line + (int) text.substring(from, at).chars().filter(it -> it == '\n').count();
  }
}
