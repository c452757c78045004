package dev.migrator.internal.backfill;

import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.SqlState;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Makes the room known that the passes over finished chunks have left, so that the first passes
 * over the next ones move their rows there instead of to the end of the table.
 *
 * <p>Indexes are left to autovacuum: few entries were added. Nobody waits for it: it passes over a
 * table or a page that somebody has locked, does not cut the table's end off, and rests in between.
 */
final class Vacuum {

  private static final Logger logger = LoggerFactory.getLogger(Vacuum.class);

  /** About 400 MB of changed pages in a second. */
  private static final Map<String, String> PACE =
      Map.of("vacuum_cost_delay", "1ms", "vacuum_cost_limit", "1000");

  private final Database database;

  private final ChunkStore chunks;

  Vacuum(Database database) {
    this.database = database;
    this.chunks = new ChunkStore(database);
  }

  /** Does it if it pays by now, and if no other worker does it already. */
  void behind(BackfillTask work, Chunk chunk) {
    boolean pays =
        work.kind() == BackfillTask.Kind.COPY
            && database.inTransaction(() -> chunks.claimVacuum(work.migration(), chunk.relation()));
    if (!pays) {
      return;
    }
    try {
      database.runUnlimited(
          "VACUUM (SKIP_LOCKED, INDEX_CLEANUP OFF, TRUNCATE OFF, PROCESS_TOAST OFF) "
              + chunk.source(),
          PACE);
    } catch (DataAccessException ex) {
      // The table grows a little more; nothing depends on it.
      logger.debug("{}: vacuum of {}: {}", work.migration(), chunk.source(), SqlState.describe(ex));
    }
  }
}
