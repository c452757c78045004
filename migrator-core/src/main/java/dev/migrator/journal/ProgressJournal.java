package dev.migrator.journal;

import dev.migrator.postgres.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The cursor of a backfill and of its verification. To be used in the transaction of the range. */
public final class ProgressJournal {

  private final Database database;

  public ProgressJournal(Database database) {
    this.database = database;
  }

  public Optional<Progress> read(String migration) {
    return database
        .jdbc()
        .sql("SELECT * FROM migrator.backfill WHERE migration_id = ?")
        .param(migration)
        .query(ProgressJournal::progress)
        .optional();
  }

  public void begin(String migration, long endBlock, long rowsEstimated) {
    database
        .jdbc()
        .sql(
            """
            INSERT INTO migrator.backfill (migration_id, end_block, rows_estimated, finished_at)
            VALUES (:id, :end, :rows, CASE WHEN :end = 0 THEN now() END)
            """)
        .param("id", migration)
        .param("end", endBlock)
        .param("rows", rowsEstimated)
        .update();
  }

  /**
   * Moves the cursor.
   *
   * @param undo whether this is part of taking the change back
   * @return whether the operator lets the work go on
   */
  public boolean advance(String migration, long nextBlock, long rows, double rate, boolean undo) {
    return database
        .jdbc()
        .sql(
            """
            UPDATE migrator.backfill
               SET next_block = :next, rows_done = rows_done + :rows, rate = :rate, updated_at = now(),
                   finished_at = CASE WHEN :next >= end_block THEN now() END
             WHERE migration_id = :id
            RETURNING (SELECT NOT (paused OR (undoing AND NOT :undo)) FROM migrator.migration WHERE id = migration_id)
            """)
        .param("next", nextBlock)
        .param("rows", rows)
        .param("rate", rate)
        .param("id", migration)
        .param("undo", undo)
        .query(Boolean.class)
        .single();
  }

  public void beginVerification(String migration, long table, long endBlock) {
    database
        .jdbc()
        .sql(
            """
            UPDATE migrator.backfill
               SET verify_next_block = 0, verify_end_block = :end, rows_verified = 0,
                   verify_file = pg_relation_filenode(:table::oid),
                   rows_differing = 0, updated_at = now(),
                   verified_at = CASE WHEN :end = 0 THEN now() END
             WHERE migration_id = :id
            """)
        .param("end", endBlock)
        .param("table", table)
        .param("id", migration)
        .update();
  }

  /**
   * Whether the table was rewritten since the verification began, by VACUUM FULL or CLUSTER: its
   * rows may have moved from blocks that were to come into blocks that were done.
   */
  public boolean isRewritten(String migration, long table) {
    return database
        .jdbc()
        .sql(
            """
            SELECT verify_file IS DISTINCT FROM pg_relation_filenode(?::oid)
              FROM migrator.backfill WHERE migration_id = ?
            """)
        .params(table, migration)
        .query(Boolean.class)
        .single();
  }

  /**
   * Moves the cursor of the verification.
   *
   * @param undo whether this is part of taking the change back
   * @return whether the operator lets the work go on
   */
  public boolean advanceVerification(
      String migration, long nextBlock, long rows, long differing, boolean undo) {
    return database
        .jdbc()
        .sql(
            """
            UPDATE migrator.backfill
               SET verify_next_block = :next, rows_verified = rows_verified + :rows,
                   rows_differing = rows_differing + :differing, updated_at = now(),
                   verified_at = CASE WHEN :next >= verify_end_block THEN now() END
             WHERE migration_id = :id
            RETURNING (SELECT NOT (paused OR (undoing AND NOT :undo)) FROM migrator.migration WHERE id = migration_id)
            """)
        .param("next", nextBlock)
        .param("rows", rows)
        .param("differing", differing)
        .param("id", migration)
        .param("undo", undo)
        .query(Boolean.class)
        .single();
  }

  /** Starts over with the rows, after a verification that found differences. */
  public void rewind(String migration, long endBlock) {
    database
        .jdbc()
        .sql(
            """
            UPDATE migrator.backfill
               SET next_block = 0, end_block = ?, finished_at = NULL, verify_end_block = NULL
             WHERE migration_id = ?
            """)
        .params(endBlock, migration)
        .update();
  }

  public void forget(String migration) {
    database
        .jdbc()
        .sql("DELETE FROM migrator.backfill WHERE migration_id = ?")
        .param(migration)
        .update();
  }

  private static Progress progress(ResultSet rs, int row) throws SQLException {
    long verifyEnd = rs.getLong("verify_end_block");
    boolean verifying = !rs.wasNull();
    return new Progress(
        rs.getLong("next_block"),
        rs.getLong("end_block"),
        rs.getLong("rows_done"),
        rs.getLong("rows_estimated"),
        rs.getDouble("rate"),
        rs.getTimestamp("started_at").toInstant(),
        instant(rs, "finished_at"),
        rs.getLong("verify_next_block"),
        verifying ? verifyEnd : null,
        rs.getLong("rows_verified"),
        rs.getLong("rows_differing"),
        instant(rs, "verified_at"));
  }

  static @Nullable Instant instant(ResultSet rs, String column) throws SQLException {
    Timestamp timestamp = rs.getTimestamp(column);
    return (timestamp == null) ? null : timestamp.toInstant();
  }
}
