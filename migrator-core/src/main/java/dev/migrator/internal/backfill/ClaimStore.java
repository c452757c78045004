package dev.migrator.internal.backfill;

import dev.migrator.internal.catalog.LeafReader;
import dev.migrator.internal.journal.Seal;
import dev.migrator.internal.json.Json;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.Interval;
import dev.migrator.internal.sql.RangeSql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who owns which chunk. To be used in transactions.
 *
 * <p>Why two workers cannot both commit a range of one chunk: every transaction of a range first
 * locks the chunk's row for its own token ({@link #hold}). A takeover changes the token and needs
 * the same lock. Either it came first, and the old owner finds no row; or it passes over the chunk
 * until the range is committed together with the position behind it.
 */
final class ClaimStore {

  private final Database database;

  ClaimStore(Database database) {
    this.database = database;
  }

  /** The tasks that have a chunk for whoever asks, the oldest first. */
  List<BackfillTask> openTasks() {
    return database
        .jdbc()
        .sql(
            """
            SELECT b.migration_id, b.work, b.ranges, b.undo, b.blocks, coalesce(b.seal = %s, false) AS sealed
              FROM migrator.backfill b JOIN migrator.migration m ON m.id = b.migration_id
             WHERE b.work IS NOT NULL AND %s
               AND EXISTS (SELECT FROM migrator.chunk c
                            WHERE c.migration_id = b.migration_id AND NOT c.finished AND %s)
             ORDER BY b.started_at
            """
                .formatted(
                    Seal.ofRanges("b.migration_id", "b.ranges"), ChunkSql.GOES_ON, ChunkSql.FREE))
        .query(ClaimStore::task)
        .list();
  }

  /**
   * Claims a chunk that nobody owns, or whose owner gives no sign of life.
   *
   * @param worker the name of the owner
   * @param lease how long it stays theirs without a sign of life
   * @param most how many workers may work on the migration at once, in all instances
   */
  Optional<Chunk> claim(String migration, String worker, Duration lease, int most) {
    if (!lockIfOpen(migration)) {
      return Optional.empty();
    }
    return database
        .jdbc()
        .sql(
            """
            UPDATE migrator.chunk
               SET token = token + 1, worker = :worker, rate = 0,
                   expires_at = clock_timestamp() + :lease::interval
             -- Not IN: that is a join, which may run the SELECT once for each row and then claim several.
             WHERE id = (
                     SELECT id FROM migrator.chunk c
                      WHERE migration_id = :id AND NOT finished AND %s
                      ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
               AND (SELECT count(*) FROM migrator.chunk c
                     WHERE migration_id = :id AND NOT finished AND NOT (%s)) < :most
            RETURNING id, token, relation, source, mark, first_block, end_block, window_block, pass,
                      next_block, attempts
            """
                .formatted(ChunkSql.FREE, ChunkSql.UNOWNED))
        .param("id", migration)
        .param("worker", worker)
        .param("lease", Interval.of(lease))
        .param("most", most)
        .query(ClaimStore::chunk)
        .optional();
  }

  /** How many workers there are, of all instances. */
  int workers(String migration) {
    return database
        .jdbc()
        .sql(
            "SELECT count(*) FROM migrator.chunk c WHERE migration_id = ? AND NOT finished AND NOT (%s)"
                .formatted(ChunkSql.UNOWNED))
        .param(migration)
        .query(Integer.class)
        .single();
  }

  /** One claim at a time, so that two workers that claim at once both see how many there are. */
  private boolean lockIfOpen(String migration) {
    return database
        .jdbc()
        .sql(
            """
            SELECT %s FROM migrator.backfill b JOIN migrator.migration m ON m.id = b.migration_id
             WHERE b.migration_id = ? AND b.work IS NOT NULL FOR NO KEY UPDATE OF b
            """
                .formatted(ChunkSql.GOES_ON))
        .param(migration)
        .query(Boolean.class)
        .optional()
        .orElse(false);
  }

  /**
   * Locks a chunk for its owner. To be called first in every transaction of a range.
   *
   * @param table the table, of which the chunk may be in a partition
   * @param at where its owner goes on, which must be what is recorded: the commits of ranges do not
   *     wait for the disk, and a server that has crashed between two of them, or the standby that
   *     has taken its place, may know less than their owner
   * @return where its rows are, quoted, as the catalog says it: what is run does not name what the
   *     journal names
   * @throws ChunkLostException if the chunk has another owner
   * @throws ChunkSetBackException if it is recorded elsewhere
   * @throws ChunkChangedException if rows of the table do not lie there, or not any longer
   */
  String hold(Chunk chunk, long table, Position at) {
    return database
        .jdbc()
        .sql(
            """
            SELECT (SELECT n.nspname FROM pg_namespace n WHERE n.oid = r.relnamespace) AS schema, r.relname,
                   c.window_block, c.pass, c.next_block, %s AS mark
              FROM migrator.chunk c LEFT JOIN pg_class r ON r.oid = :relation::oid
             WHERE c.id = :id AND c.token = :token FOR NO KEY UPDATE OF c
            """
                .formatted(LeafReader.markOf(table, chunk.relation())))
        .param("relation", chunk.relation())
        .param("table", table)
        .param("id", chunk.id())
        .param("token", chunk.token())
        .query(
            (rs, row) -> {
              if (at.window() != rs.getLong("window_block")
                  || at.pass() != rs.getInt("pass")
                  || at.next() != rs.getLong("next_block")) {
                throw new ChunkSetBackException(chunk.id());
              }
              if (!chunk.mark().equals(rs.getString("mark"))) {
                throw new ChunkChangedException(chunk);
              }
              return Identifiers.quote(rs.getString("schema"), rs.getString("relname"));
            })
        .optional()
        .orElseThrow(() -> new ChunkLostException(chunk.id()));
  }

  /**
   * Renews the lease of a chunk whose worker waits.
   *
   * @param throttle why it waits, where that concerns this worker alone
   * @param rate rows per second
   * @return the directive from here on
   * @throws ChunkLostException if the chunk has another owner
   */
  WorkerDirective keep(Chunk chunk, @Nullable String throttle, double rate, Duration lease) {
    return database
        .jdbc()
        .sql(
            """
            UPDATE migrator.chunk c
               SET expires_at = clock_timestamp() + :lease::interval, throttle = :throttle, rate = :rate
             WHERE id = :id AND token = :token
            RETURNING %s
            """
                .formatted(ChunkSql.DIRECTIVE))
        .param("lease", Interval.of(lease))
        .param("throttle", throttle)
        .param("rate", rate)
        .param("id", chunk.id())
        .param("token", chunk.token())
        .query(ChunkSql::directive)
        .optional()
        .orElseThrow(() -> new ChunkLostException(chunk.id()));
  }

  /** Releases a chunk that cannot be worked on now, so that its worker can claim another one. */
  void putOff(Chunk chunk, Duration later) {
    database
        .jdbc()
        .sql(
            """
            UPDATE migrator.chunk
               SET expires_at = '-infinity', rate = 0, throttle = NULL,
                   due_at = clock_timestamp() + ?::interval
             WHERE id = ? AND token = ?
            """)
        .params(Interval.of(later), chunk.id(), chunk.token())
        .update();
  }

  /** Releases a chunk, so that another worker can claim it at once. */
  void release(Chunk chunk) {
    database
        .jdbc()
        .sql(
            """
            UPDATE migrator.chunk SET expires_at = '-infinity', rate = 0, throttle = NULL
             WHERE id = ? AND token = ?
            """)
        .params(chunk.id(), chunk.token())
        .update();
  }

  private static BackfillTask task(ResultSet rs, int row) throws SQLException {
    return new BackfillTask(
        rs.getString("migration_id"),
        BackfillTask.Kind.valueOf(rs.getString("work")),
        Json.read(rs.getString("ranges"), RangeSql.class),
        rs.getBoolean("undo"),
        rs.getBoolean("sealed"),
        rs.getLong("blocks"));
  }

  private static Chunk chunk(ResultSet rs, int row) throws SQLException {
    return new Chunk(
        rs.getLong("id"),
        rs.getLong("token"),
        rs.getLong("relation"),
        rs.getString("source"),
        rs.getString("mark"),
        rs.getLong("first_block"),
        rs.getLong("end_block"),
        rs.getLong("window_block"),
        rs.getInt("pass"),
        rs.getLong("next_block"),
        rs.getInt("attempts"));
  }
}
