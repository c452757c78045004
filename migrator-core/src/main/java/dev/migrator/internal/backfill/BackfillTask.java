package dev.migrator.internal.backfill;

import dev.migrator.internal.sql.RangeSql;

/**
 * What is to be done with the rows of a migration, as any instance finds it in the journal: one
 * that does not declare the migration can help as well.
 *
 * @param migration the id of the migration
 * @param kind what is done
 * @param sql how
 * @param undo whether it is part of an undo, which the command to undo does not interrupt
 * @param sealed whether a role wrote it that may; otherwise it must not be run
 * @param blocks how many blocks were allocated
 */
public record BackfillTask(
    String migration, Kind kind, RangeSql sql, boolean undo, boolean sealed, long blocks) {

  /** One of which the leader has made the SQL itself. */
  BackfillTask(String migration, Kind kind, RangeSql sql, boolean undo) {
    this(migration, kind, sql, undo, true, 0);
  }

  /** What is done with a range. */
  public enum Kind {

    /** Its rows are copied to the other side. */
    COPY,

    /** Both sides of its rows are compared. */
    VERIFY
  }
}
