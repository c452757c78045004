package dev.migrator.internal.backfill;

import dev.migrator.internal.catalog.LeafReader;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.SqlState;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Frees the space that the passes over finished chunks have left, so that the first passes over the
 * next ones move their rows there instead of to the end of the table.
 *
 * <p>Indexes are left to autovacuum: few entries were added. Nobody waits for this VACUUM: it skips
 * a table or a page that somebody has locked, does not truncate the table, and rests in between.
 */
final class Vacuum {

  private static final Logger logger = LoggerFactory.getLogger(Vacuum.class);

  /** About 400 MB of changed pages in a second. */
  private static final Map<String, String> PACE =
      Map.of("vacuum_cost_delay", "1ms", "vacuum_cost_limit", "1000");

  /** Of fewer blocks than these, 16 MB, it does not matter. */
  private static final long FEWEST_BLOCKS = 2048;

  private final Database database;

  Vacuum(Database database) {
    this.database = database;
  }

  /** Runs it if it pays by now, and if no other worker does. */
  void behind(BackfillTask task, Chunk chunk) {
    boolean pays =
        task.kind() == BackfillTask.Kind.COPY
            && database.inTransaction(() -> claim(task.migration(), chunk.relation()));
    if (pays) {
      database.inTransaction(() -> new LeafReader(database).of(task.sql().table())).stream()
          .filter(it -> it.oid() == chunk.relation())
          .forEach(it -> run(task.migration(), it.quoted()));
    }
  }

  private void run(String migration, String table) {
    try {
      database.runUnlimited(
          "VACUUM (SKIP_LOCKED, INDEX_CLEANUP OFF, TRUNCATE OFF, PROCESS_TOAST OFF) " + table,
          PACE);
    } catch (DataAccessException ex) {
      // The table grows a little more; nothing depends on it.
      logger.debug("{}: vacuum of {}: {}", migration, table, SqlState.describe(ex));
    }
  }

  /**
   * Whether a vacuum pays: a fifth of the table is done since the last one, and nobody still sees
   * what the oldest part of it has left behind. Says so to one worker only.
   */
  private boolean claim(String migration, long relation) {
    return database
            .jdbc()
            .sql(
                """
                WITH done AS (
                  SELECT sum(end_block - first_block) AS blocks, max(age(finished_by::xid)) AS age
                    FROM migrator.chunk
                   WHERE migration_id = :id AND relation = :relation AND finished_by IS NOT NULL),
                whole AS (
                  SELECT max(end_block) AS blocks FROM migrator.chunk
                   WHERE migration_id = :id AND relation = :relation),
                seen AS (
                  SELECT age(backend_xmin) AS age FROM pg_stat_activity
                   WHERE pid <> pg_backend_pid()
                     -- A standby that reports its snapshots is in no database.
                     AND coalesce(datname, current_database()) = current_database()
                  UNION ALL SELECT age(xmin) FROM pg_replication_slots
                  UNION ALL SELECT age(transaction) FROM pg_prepared_xacts)
                UPDATE migrator.chunk c SET finished_by = NULL
                  FROM done, whole
                 WHERE c.migration_id = :id AND c.relation = :relation AND c.finished_by IS NOT NULL
                   AND done.blocks >= greatest(whole.blocks / 5, :fewest)
                   AND done.age > (SELECT coalesce(max(age), 0) FROM seen)
                """)
            .param("id", migration)
            .param("relation", relation)
            .param("fewest", FEWEST_BLOCKS)
            .update()
        > 0;
  }
}
