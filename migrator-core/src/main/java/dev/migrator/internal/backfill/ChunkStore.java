package dev.migrator.internal.backfill;

import dev.migrator.internal.catalog.LeafReader;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Interval;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How far the chunks are. To be used in transactions. */
final class ChunkStore {

  private final Database database;

  ChunkStore(Database database) {
    this.database = database;
  }

  /**
   * Records how far the chunk is, in the transaction of the range. That holds its lock on the table
   * or partition by then: as that is attached now, it was attached all the while.
   *
   * @param table the table, of which the chunk may be in a partition
   * @param throttle why its worker works for a part of the time only
   * @return the directive from here on
   * @throws ChunkChangedException if the partition is another one than was allocated
   */
  WorkerDirective advance(
      Chunk chunk,
      long table,
      Position position,
      long rows,
      long differing,
      double rate,
      @Nullable String throttle,
      Duration lease) {
    return database
        .jdbc()
        .sql(
            """
            UPDATE migrator.chunk c
               SET window_block = :window, pass = :pass, next_block = :next, blocks_done = :done,
                   rows_done = rows_done + :rows, rows_differing = rows_differing + :differing,
                   rate = :rate, throttle = :throttle, finished = :finished,
                   finished_by = CASE WHEN :finished THEN pg_current_xact_id() END,
                   expires_at = CASE WHEN :finished THEN '-infinity'
                                     ELSE clock_timestamp() + :lease::interval END
             WHERE id = :id
            RETURNING %s, %s
            """
                .formatted(ChunkSql.DIRECTIVE, LeafReader.markOf(table, chunk.relation())))
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
        .param("throttle", throttle)
        .param("lease", Interval.of(lease))
        .param("id", chunk.id())
        .query(
            (rs, row) -> {
              if (!chunk.mark().equals(rs.getString(6))) {
                throw new ChunkChangedException(chunk);
              }
              return ChunkSql.directive(rs, row);
            })
        .single();
  }

  /** Makes a chunk of blocks that are to be worked on once more, at once or later. */
  void again(String migration, Chunk chunk, long first, long end, int attempts, Duration later) {
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
        .param("later", Interval.of(later))
        .update();
  }

  /** Counts what was done in a finished chunk, and forgets it. */
  void fold(Chunk chunk) {
    database
        .jdbc()
        .sql(
            """
            WITH deleted AS (DELETE FROM migrator.chunk WHERE id = ? RETURNING migration_id, rows_done)
            UPDATE migrator.backfill b SET rows_done = b.rows_done + deleted.rows_done
              FROM deleted WHERE b.migration_id = deleted.migration_id
            """)
        .param(chunk.id())
        .update();
  }

  State state(String migration) {
    return database
        .jdbc()
        .sql(
            """
            SELECT count(c.id) AS unfinished,
                   count(c.id) FILTER (WHERE %s) AS free,
                   count(c.id) FILTER (WHERE c.attempts > 0) AS put_off,
                   count(c.id) FILTER (WHERE c.due_at > clock_timestamp()) AS later,
                   bool_and(%s) AS goes_on, count(b.migration_id) > 0 AS recorded
              FROM migrator.backfill b JOIN migrator.migration m ON m.id = b.migration_id
              LEFT JOIN migrator.chunk c ON c.migration_id = b.migration_id AND NOT c.finished
             WHERE b.migration_id = ?
            """
                .formatted(ChunkSql.FREE, ChunkSql.GOES_ON))
        .param(migration)
        .query(
            (rs, row) ->
                new State(
                    rs.getLong(1),
                    rs.getLong(2),
                    rs.getLong(3),
                    rs.getLong(4),
                    rs.getBoolean(5),
                    rs.getBoolean(6)))
        .single();
  }

  /**
   * How far the chunks of a migration are.
   *
   * @param unfinished how many chunks are to be done
   * @param free how many of them nobody owns and are due
   * @param putOff how many have rows that were locked
   * @param later how many are not due yet
   * @param goesOn whether the operator lets the work go on
   * @param recorded whether there is any record of the work: a standby that has taken the server's
   *     place may lack it
   */
  record State(
      long unfinished, long free, long putOff, long later, boolean goesOn, boolean recorded) {}
}
