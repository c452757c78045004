package dev.migrator.test.rehearsal;

import dev.migrator.test.rehearsal.MeasuredLock.Blocked;

/** The way out of a lock that is held too long. */
final class Remedy {

  static final String REWRITE =
      "The way out: a new column with dualWrite(…) and backfill(), or changeType(…), which never write a table anew";

  private Remedy() {}

  static String of(StatementReport statement, MeasuredLock lock) {
    if (!statement.rewritten().isEmpty()) {
      return REWRITE;
    }
    if (!statement.built().isEmpty()) {
      return "The way out: addIndex(…) or addUnique(…), which build the index beside writes";
    }
    if (!statement.scanned().isEmpty()) {
      return "The way out: setNotNull(…), addCheck(…) or addForeignKey(…), which read the rows under a lock that blocks nobody";
    }
    if (lock.blocked() == Blocked.WRITES_OF_SAME_ROWS) {
      return (statement.executions() > 1)
          ? "The way out: smaller ranges, by migrator.backfill.range-target"
          : "The way out: backfill() or rows in small ranges, each in a transaction of its own";
    }
    return "The way out: fewer statements in one transaction, or a machine at rest: the catalog alone is changed, which does not depend on the table";
  }
}
