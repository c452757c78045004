package dev.migrator.internal.backfill;

import dev.migrator.internal.catalog.Leaf;
import dev.migrator.internal.catalog.LeafReader;
import dev.migrator.internal.json.Json;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.RangeSql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The chunks in which the work on a table is dealt out to the workers of all instances. To be used
 * in transactions.
 *
 * <p>Why two workers cannot both commit a range of one chunk: every transaction of a range first
 * locks the chunk's row for its own token ({@link #hold}). A takeover changes the token and has to
 * get the same lock, so it came before, and the old owner finds no row; or it passes over the chunk
 * until the range is committed with the position behind it.
 */
public final class ChunkStore {

  /** Fewer blocks than this are not worth the claim. */
  private static final long FEWEST_BLOCKS = 1024;

  private static final long MOST_BLOCKS = 32 * 1024;

  /** More chunks than these would make the journal itself slow. */
  private static final long MOST_CHUNKS = 4096;

  /** How finely a table is dealt out, so that several workers end at about the same time. */
  private static final long SHARES = 64;

  /** Of fewer blocks than these, 16 MB, it does not matter. */
  private static final long VACUUM_BLOCKS = 2048;

  /** Nobody holds the change, and no step of it has failed. */
  private static final String GOES_ON =
      "NOT (m.paused OR m.failure IS NOT NULL OR (m.undoing AND NOT b.undo))";

  /**
   * Nobody has it. No lease is longer than ten minutes, and no pause: what is further away was
   * written before the server's clock was set back.
   */
  private static final String LEFT =
      "c.expires_at NOT BETWEEN clock_timestamp() AND clock_timestamp() + interval '11 minutes'";

  /** Nobody has it, and it is due. */
  private static final String FREE =
      LEFT
          + " AND c.due_at NOT BETWEEN clock_timestamp() AND clock_timestamp() + interval '11 minutes'";

  private static final String STANDING =
      Stream.of(GOES_ON, "b.throttle", "m.speed")
          .map(
              it ->
                  "(SELECT %s FROM migrator.backfill b JOIN migrator.migration m ON m.id = b.migration_id WHERE b.migration_id = c.migration_id)"
                      .formatted(it))
          .collect(Collectors.joining(", "));

  private final Database database;

  public ChunkStore(Database database) {
    this.database = database;
  }

  /** How many blocks a chunk has, of a table of so many. */
  static long blocksOf(long table) {
    long shared = Math.max(FEWEST_BLOCKS, Math.min(MOST_BLOCKS, table / SHARES));
    return Math.max(shared, table / MOST_CHUNKS + 1);
  }

  /**
   * Deals the blocks of a table or partition out, in place of what was dealt out of it before. One
   * without a block has a chunk as well, which is finished: it is known to have been there.
   */
  public void deal(String migration, Leaf leaf, long blocks) {
    forget(migration, leaf.oid());
    database
        .jdbc()
        .sql(
            """
            WITH dealt AS (
              INSERT INTO migrator.chunk (migration_id, relation, source, mark, first_block, end_block,
                                          window_block, next_block, finished)
              SELECT :id, :relation, :source, :mark, first, least(first + :size, :blocks), first, first,
                     :blocks = 0
                FROM generate_series(0, greatest(:blocks - 1, 0), :size) AS first)
            UPDATE migrator.backfill SET blocks = blocks + :blocks WHERE migration_id = :id
            """)
        .param("id", migration)
        .param("relation", leaf.oid())
        .param("source", leaf.quoted())
        .param("mark", leaf.mark())
        .param("blocks", blocks)
        .param("size", blocksOf(blocks))
        .update();
  }

  /** What was dealt out of a table or partition is not to be done any longer. */
  public void forget(String migration, long relation) {
    database
        .jdbc()
        .sql(
            """
            WITH gone AS (DELETE FROM migrator.chunk WHERE migration_id = :id AND relation = :relation
                          RETURNING end_block - first_block AS blocks, attempts)
            UPDATE migrator.backfill
               SET blocks = greatest(0, blocks - (SELECT coalesce(sum(blocks), 0) FROM gone WHERE attempts = 0))
             WHERE migration_id = :id
            """)
        .param("id", migration)
        .param("relation", relation)
        .update();
  }

  /** The marks of what was dealt out. */
  public List<String> marks(String migration) {
    return database
        .jdbc()
        .sql("SELECT DISTINCT mark FROM migrator.chunk WHERE migration_id = ?")
        .param(migration)
        .query(String.class)
        .list();
  }

  /** Has blocks gone over once more, at once or later. */
  public void again(
      String migration, Chunk chunk, long first, long end, int attempts, Duration later) {
    database
        .jdbc()
        .sql(
            """
            INSERT INTO migrator.chunk (migration_id, relation, source, mark, first_block, end_block,
                                        window_block, next_block, attempts, due_at)
            VALUES (:id, :relation, :source, :mark, :first, :end, :first, :first, :attempts,
                    clock_timestamp() + :later::interval)
            """)
        .param("id", migration)
        .param("relation", chunk.relation())
        .param("source", chunk.source())
        .param("mark", chunk.mark())
        .param("first", first)
        .param("end", end)
        .param("attempts", attempts)
        .param("later", interval(later))
        .update();
  }

  /** The changes that have something to be done by whoever comes, the oldest first. */
  public List<BackfillTask> open() {
    return database
        .jdbc()
        .sql(
            """
            SELECT b.* FROM migrator.backfill b JOIN migrator.migration m ON m.id = b.migration_id
             WHERE b.work IS NOT NULL AND %s
               AND EXISTS (SELECT FROM migrator.chunk c
                            WHERE c.migration_id = b.migration_id AND NOT c.finished AND %s)
             ORDER BY b.started_at
            """
                .formatted(GOES_ON, FREE))
        .query(ChunkStore::work)
        .list();
  }

  /**
   * Takes a chunk that nobody has, or whose owner has not been heard of.
   *
   * @param worker the name of the owner
   * @param lease how long it stays theirs without a sign of life
   * @param most how many workers may be at it at once, in all instances
   */
  public Optional<Chunk> claim(String migration, String worker, Duration lease, int most) {
    // One at a time, so that two that claim at once both see how many there are.
    boolean goesOn =
        database
            .jdbc()
            .sql(
                """
                SELECT %s FROM migrator.backfill b JOIN migrator.migration m ON m.id = b.migration_id
                 WHERE b.migration_id = ? AND b.work IS NOT NULL FOR NO KEY UPDATE OF b
                """
                    .formatted(GOES_ON))
            .param(migration)
            .query(Boolean.class)
            .optional()
            .orElse(false);
    if (!goesOn) {
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
            RETURNING *
            """
                .formatted(FREE, LEFT))
        .param("id", migration)
        .param("worker", worker)
        .param("lease", interval(lease))
        .param("most", most)
        .query(ChunkStore::chunk)
        .optional();
  }

  /**
   * To be called first in every transaction of a range.
   *
   * @throws ChunkLostException if the chunk has another owner
   */
  public void hold(Chunk chunk) {
    boolean held =
        database
            .jdbc()
            .sql("SELECT 1 FROM migrator.chunk WHERE id = ? AND token = ? FOR NO KEY UPDATE")
            .params(chunk.id(), chunk.token())
            .query(Integer.class)
            .optional()
            .isPresent();
    if (!held) {
      throw new ChunkLostException(chunk.id());
    }
  }

  /**
   * Notes how far the chunk is, in the transaction of the range. That has its lock on the table or
   * partition by then: as that is attached now, it was all the while.
   *
   * @param table the table, of which the chunk may be in a partition
   * @return what to keep to from here on
   * @throws ChunkChangedException if the partition is another one than was dealt out
   */
  public WorkerDirective advance(
      Chunk chunk,
      long table,
      Position position,
      long rows,
      long differing,
      double rate,
      Duration lease) {
    return database
        .jdbc()
        .sql(
            """
            UPDATE migrator.chunk c
               SET window_block = :window, pass = :pass, next_block = :next, blocks_done = :done,
                   rows_done = rows_done + :rows, rows_differing = rows_differing + :differing,
                   rate = :rate, throttle = NULL, finished = :finished,
                   finished_by = CASE WHEN :finished THEN pg_current_xact_id() END,
                   expires_at = CASE WHEN :finished THEN '-infinity'
                                     ELSE clock_timestamp() + :lease::interval END
             WHERE id = :id
            RETURNING %s, %s
            """
                .formatted(STANDING, LeafReader.MARK))
        .param("table", table)
        .param("relation", chunk.relation())
        .param("window", position.window())
        .param("pass", position.pass())
        .param("next", position.next())
        .param("done", position.blocksDone())
        .param("finished", position.finished())
        .param("rows", rows)
        .param("differing", differing)
        .param("rate", rate)
        .param("lease", interval(lease))
        .param("id", chunk.id())
        .query(
            (rs, row) -> {
              if (!chunk.mark().equals(rs.getString(4))) {
                throw new ChunkChangedException(chunk);
              }
              return standing(rs, row);
            })
        .single();
  }

  /** Counts what was done in a finished chunk, and forgets it. */
  public void fold(Chunk chunk) {
    database
        .jdbc()
        .sql(
            """
            WITH gone AS (DELETE FROM migrator.chunk WHERE id = ? RETURNING migration_id, rows_done)
            UPDATE migrator.backfill b SET rows_done = b.rows_done + gone.rows_done
              FROM gone WHERE b.migration_id = gone.migration_id
            """)
        .param(chunk.id())
        .update();
  }

  /**
   * Whether a vacuum pays: a fifth of the table is done since the last one, and nobody still sees
   * what the oldest part of it has left behind. Says so to one worker only.
   */
  public boolean claimVacuum(String migration, long relation) {
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
                     -- A standby that tells its snapshots is in no database.
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
            .param("fewest", VACUUM_BLOCKS)
            .update()
        > 0;
  }

  /**
   * Keeps a chunk while nothing is done on it.
   *
   * @param throttle why nothing is done, where that concerns this worker alone
   * @param rate rows per second
   * @return what to keep to from here on
   * @throws ChunkLostException if the chunk has another owner
   */
  public WorkerDirective keep(Chunk chunk, @Nullable String throttle, double rate, Duration lease) {
    return database
        .jdbc()
        .sql(
            """
            UPDATE migrator.chunk c
               SET expires_at = clock_timestamp() + :lease::interval, throttle = :throttle, rate = :rate
             WHERE id = :id AND token = :token
            RETURNING %s
            """
                .formatted(STANDING))
        .param("lease", interval(lease))
        .param("throttle", throttle)
        .param("rate", rate)
        .param("id", chunk.id())
        .param("token", chunk.token())
        .query(ChunkStore::standing)
        .optional()
        .orElseThrow(() -> new ChunkLostException(chunk.id()));
  }

  /** Gives a chunk back that cannot be worked on now, so that its worker can take another one. */
  public void putOff(Chunk chunk, Duration later) {
    database
        .jdbc()
        .sql(
            """
            UPDATE migrator.chunk
               SET expires_at = '-infinity', rate = 0, throttle = NULL,
                   due_at = clock_timestamp() + ?::interval
             WHERE id = ? AND token = ?
            """)
        .params(interval(later), chunk.id(), chunk.token())
        .update();
  }

  /** Gives a chunk back, so that another worker can take it at once. */
  public void release(Chunk chunk) {
    database
        .jdbc()
        .sql(
            "UPDATE migrator.chunk SET expires_at = '-infinity', rate = 0, throttle = NULL WHERE id = ? AND token = ?")
        .params(chunk.id(), chunk.token())
        .update();
  }

  /**
   * How the work on a change stands.
   *
   * @param unfinished how many chunks are to be done
   * @param free how many of them nobody has and are due
   * @param putOff how many have rows that were locked
   * @param goesOn whether the operator lets the work go on
   */
  public record State(long unfinished, long free, long putOff, boolean goesOn) {}

  public State state(String migration) {
    return database
        .jdbc()
        .sql(
            """
            SELECT count(c.id) AS unfinished,
                   count(c.id) FILTER (WHERE %s) AS free,
                   count(c.id) FILTER (WHERE c.attempts > 0) AS put_off,
                   bool_and(%s) AS goes_on
              FROM migrator.backfill b JOIN migrator.migration m ON m.id = b.migration_id
              LEFT JOIN migrator.chunk c ON c.migration_id = b.migration_id AND NOT c.finished
             WHERE b.migration_id = ?
            """
                .formatted(FREE, GOES_ON))
        .param(migration)
        .query(
            (rs, row) -> new State(rs.getLong(1), rs.getLong(2), rs.getLong(3), rs.getBoolean(4)))
        .single();
  }

  /**
   * Takes the chunks away from whoever has them. One whose range is being done is passed over.
   *
   * @return how many are left
   */
  public long withdraw(String migration) {
    database
        .jdbc()
        .sql(
            """
            DELETE FROM migrator.chunk WHERE id IN (
              SELECT id FROM migrator.chunk WHERE migration_id = ? FOR UPDATE SKIP LOCKED)
            """)
        .param(migration)
        .update();
    return database
        .jdbc()
        .sql("SELECT count(*) FROM migrator.chunk WHERE migration_id = ?")
        .param(migration)
        .query(Long.class)
        .single();
  }

  private static BackfillTask work(ResultSet rs, int row) throws SQLException {
    return new BackfillTask(
        rs.getString("migration_id"),
        BackfillTask.Kind.valueOf(rs.getString("work")),
        Json.read(rs.getString("ranges"), RangeSql.class),
        rs.getBoolean("undo"));
  }

  private static WorkerDirective standing(ResultSet rs, int row) throws SQLException {
    return new WorkerDirective(rs.getBoolean(1), rs.getString(2), rs.getInt(3));
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

  private static String interval(Duration duration) {
    return duration.toMillis() + " milliseconds";
  }
}
