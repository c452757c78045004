package dev.migrator.test;

import dev.migrator.test.CheckFinding.Rule;
import dev.migrator.test.CheckedStatement.Lock;
import dev.migrator.test.SchemaImage.Column;
import dev.migrator.test.SchemaImage.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What of all that a statement did is unsafe beside a running application. Pure. */
final class CheckRules {

  private CheckRules() {}

  /**
   * Judges.
   *
   * @param known the tables that releases use which run
   * @param earlier what was there before the statement
   * @param later what is there after it
   */
  static List<CheckFinding> findings(
      SchemaImage known,
      SchemaImage earlier,
      SchemaImage later,
      List<Lock> locks,
      ServerNotices notices) {
    List<CheckFinding> findings = new ArrayList<>();
    List<Lock> blocking =
        locks.stream()
            .filter(it -> it.blocksWrites() && knows(known, earlier, it.table()))
            .toList();
    for (String table : earlier.rewrittenIn(later)) {
      if (knows(known, earlier, table)) {
        findings.add(
            new CheckFinding(
                Rule.REWRITES,
                "%s is written anew while nobody can use it".formatted(table),
                "add a column beside the old one with dualWrite(…) and backfill(), or use changeType(…) for a wider type; give a new column a default that is a constant"));
      }
    }
    if (!blocking.isEmpty()) {
      for (String what : notices.scanned()) {
        findings.add(
            new CheckFinding(
                Rule.SCANS,
                "%s: all of it is read under %s".formatted(what, text(blocking)),
                "add the constraint NOT VALID and VALIDATE it in a statement of its own; or use addCheck(…), addForeignKey(…) or setNotNull(…)"));
      }
      for (ServerNotices.Built built : notices.built()) {
        if (blocking.stream().anyMatch(it -> it.table().endsWith("." + built.table()))
            && !isRewritten(earlier, later, built.table())) {
          findings.add(
              new CheckFinding(
                  Rule.BUILDS,
                  "the index %s is built under %s".formatted(built.index(), text(blocking)),
                  "build it by CREATE INDEX CONCURRENTLY, or by addIndex(…); for a constraint build the index first and add it USING INDEX, or use addUnique(…)"));
        }
      }
    }
    for (Map.Entry<Long, Table> table : earlier.tables().entrySet()) {
      if (known.tables().containsKey(table.getKey())) {
        compare(findings, table.getValue(), later.tables().get(table.getKey()));
      }
    }
    return findings;
  }

  private static boolean isRewritten(SchemaImage earlier, SchemaImage later, String table) {
    return earlier.rewrittenIn(later).stream().anyMatch(it -> it.endsWith("." + table));
  }

  /** A table may have got another name since. */
  private static boolean knows(SchemaImage known, SchemaImage earlier, String table) {
    return earlier.tables().entrySet().stream()
        .anyMatch(
            it -> it.getValue().name().equals(table) && known.tables().containsKey(it.getKey()));
  }

  private static String text(List<Lock> locks) {
    return String.join(", ", locks.stream().map(it -> it.mode() + " on " + it.table()).toList());
  }

  private static void compare(List<CheckFinding> findings, Table before, @Nullable Table after) {
    if (after == null) {
      removes(findings, "the table %s is gone".formatted(before.name()), "dropTable()");
      return;
    }
    if (!after.name().equals(before.name())) {
      removes(
          findings,
          "the table %s is called %s now".formatted(before.name(), after.name()),
          "createTable(…) and code that uses both, then dropTable()");
    }
    for (Map.Entry<Integer, Column> entry : before.columns().entrySet()) {
      Column column = entry.getValue();
      Column other = after.columns().get(entry.getKey());
      String name = before.name() + "." + column.name();
      if (other == null) {
        removes(findings, "the column %s is gone".formatted(name), "dropColumn(…)");
      } else if (!other.name().equals(column.name())) {
        removes(
            findings,
            "the column %s is called %s now".formatted(name, other.name()),
            "renameColumn(…), which keeps both names working");
      } else if (other.notNull() && !column.notNull()) {
        findings.add(
            new CheckFinding(
                Rule.NARROWS,
                "the column %s allows no NULL any longer, which a release that runs may write"
                    .formatted(name),
                "setNotNull(…) with fillNullsWith(…)"));
      }
    }
  }

  private static void removes(List<CheckFinding> findings, String message, String way) {
    findings.add(
        new CheckFinding(
            Rule.REMOVES,
            message + ", and code of a release that runs may still use it",
            "use "
                + way
                + "; or let the file wait for older releases by \"-- migrator: contract\""));
  }
}
