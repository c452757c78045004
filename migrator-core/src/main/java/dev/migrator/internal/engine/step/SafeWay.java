package dev.migrator.internal.engine.step;

import dev.migrator.internal.sql.Statements;
import java.util.ArrayList;
import java.util.List;

/**
 * What to do in the place of a statement that took too long. Advice for people: nothing is decided
 * by it.
 */
final class SafeWay {

  /** So many words of a statement are shown. */
  private static final int SHOWN = 12;

  private SafeWay() {}

  static String of(String sql) {
    List<String> words = Statements.place(sql).get(0).words();
    String first = words.get(0);
    boolean table = first.equals("ALTER") && words.contains("TABLE");
    if (first.equals("CREATE") && words.contains("INDEX")) {
      return "build it by CREATE INDEX CONCURRENTLY in a file of its own, or by addIndex(…)";
    }
    if (table && words.contains("VALIDATE")) {
      return "put VALIDATE CONSTRAINT into a file of its own with \"-- migrator: long\", which blocks nobody";
    }
    if (table && words.contains("FOREIGN")) {
      return "add it NOT VALID, and VALIDATE it in a file of its own with \"-- migrator: long\"; or use addForeignKey(…)";
    }
    if (table && (words.contains("UNIQUE") || words.contains("PRIMARY"))) {
      return "build a unique index CONCURRENTLY and add the constraint USING INDEX; or use addUnique(…)";
    }
    if (table && words.contains("CHECK")) {
      return "add it NOT VALID, and VALIDATE it in a file of its own with \"-- migrator: long\"; or use addCheck(…)";
    }
    if (table && words.contains("SET") && words.contains("NOT")) {
      return "use setNotNull(…), which looks at the rows without blocking anybody";
    }
    if (table && words.contains("TYPE")) {
      return "use changeType(…) for a wider type, or a new column with dualWrite(…) and backfill()";
    }
    if (table && words.contains("ADD")) {
      return "add the column without what fills all rows at once, or use addColumn(…), which fills them in ranges";
    }
    if (List.of("INSERT", "UPDATE", "DELETE", "MERGE", "WITH").contains(first)) {
      return "say \"-- migrator: long\" if it may keep rows locked for so long; or use backfill(), which changes them in small ranges";
    }
    if (first.equals("REFRESH")) {
      return "use REFRESH MATERIALIZED VIEW CONCURRENTLY";
    }
    return "do it in smaller parts; say \"-- migrator: long\" if it blocks neither reads nor writes; or give it more time by migrator.lock.hold";
  }

  /** The first words of a statement, without any value. */
  static String words(String sql) {
    List<Statements.Placed> placed = Statements.place(sql);
    List<String> shown = new ArrayList<>();
    for (String word : placed.get(0).words()) {
      if (!word.isEmpty()) {
        shown.add(word);
      }
    }
    return String.join(" ", shown.subList(0, Math.min(SHOWN, shown.size())))
        + (shown.size() > SHOWN ? " …" : "");
  }
}
