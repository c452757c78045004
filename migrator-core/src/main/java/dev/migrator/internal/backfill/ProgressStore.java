package dev.migrator.internal.backfill;

import dev.migrator.internal.catalog.Leaf;
import dev.migrator.internal.catalog.LeafReader;
import dev.migrator.internal.journal.Seal;
import dev.migrator.internal.json.Json;
import dev.migrator.internal.sql.Columns;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.RangeSql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How far the rows of a migration are copied and verified as a whole; the {@link ChunkStore} has
 * the parts. To be used in transactions that have checked the lease.
 */
public final class ProgressStore {

  private static final String SEAL = Seal.ofRanges(":id", ":ranges::jsonb");

  private final Database database;

  public ProgressStore(Database database) {
    this.database = database;
  }

  /** Of all migrations of which rows are copied, or were. */
  public Map<String, Progress> all() {
    Map<String, Progress> all = new HashMap<>();
    found(null).forEach(it -> all.put(it.migration(), it.progress()));
    return all;
  }

  public Optional<Progress> read(String migration) {
    return found(Set.of(migration)).stream().map(Of::progress).findFirst();
  }

  private List<Of> found(@Nullable Set<String> migrations) {
    return database
        .jdbc()
        .sql(
            """
            SELECT b.migration_id, b.work, b.blocks, b.rows_done, b.rows_estimated, b.started_at, b.finished_at,
                   b.rows_verified, b.rows_differing, b.verified_at, b.throttle, m.speed,
                   (SELECT count(*) FROM migrator.quarantine q WHERE q.migration_id = b.migration_id) AS rows_bad,
                   c.chunk_rows, c.chunk_differing, c.blocks_left, c.blocks_put_off, c.chunk_throttle, c.workers
              FROM migrator.backfill b
              JOIN migrator.migration m ON m.id = b.migration_id,
                   LATERAL (
                     SELECT coalesce(sum(k.rows_done), 0) AS chunk_rows,
                            coalesce(sum(k.rows_differing), 0) AS chunk_differing,
                            coalesce(sum(k.end_block - k.first_block - k.blocks_done) FILTER (WHERE NOT k.finished), 0) AS blocks_left,
                            coalesce(sum(k.end_block - k.first_block) FILTER (WHERE NOT k.finished AND k.attempts > 0), 0) AS blocks_put_off,
                            min(k.throttle) FILTER (WHERE NOT k.finished AND k.expires_at >= clock_timestamp()) AS chunk_throttle,
                            coalesce(jsonb_agg(jsonb_build_object(
                                       'name', k.worker, 'chunk', k.id, 'rate', k.rate,
                                       'rows', (SELECT sum(o.rows_done) FROM migrator.chunk o
                                                 WHERE o.migration_id = k.migration_id AND o.worker = k.worker))
                                     ORDER BY k.worker)
                                     FILTER (WHERE NOT k.finished AND k.expires_at >= clock_timestamp()), '[]') AS workers
                       FROM migrator.chunk k WHERE k.migration_id = b.migration_id) AS c
             WHERE :all OR b.migration_id = ANY (:migrations)
            """)
        .param("all", migrations == null)
        .param(
            "migrations", (migrations == null) ? new String[0] : migrations.toArray(String[]::new))
        .query((rs, row) -> new Of(rs.getString("migration_id"), progress(rs)))
        .list();
  }

  /** Records that the rows of a migration are to be copied. */
  void begin(String migration, long rowsEstimated) {
    database
        .jdbc()
        .sql(
            """
            INSERT INTO migrator.backfill (migration_id, rows_estimated) VALUES (?, ?)
            ON CONFLICT (migration_id) DO NOTHING
            """)
        .params(migration, rowsEstimated)
        .update();
  }

  /** Opens the work on all rows for everybody, from the beginning. */
  void open(BackfillTask task) {
    database
        .jdbc()
        .sql(
            """
            UPDATE migrator.backfill
               SET work = :work, ranges = :ranges::jsonb, seal = %s, undo = :undo, blocks = 0,
                   finished_at = CASE WHEN :work::text = 'COPY' THEN NULL ELSE finished_at END,
                   copied = CASE WHEN :work::text = 'COPY' THEN '{}' ELSE copied END,
                   verified = '{}', rows_verified = 0, rows_differing = 0, verified_at = NULL
             WHERE migration_id = :id
            """
                .formatted(SEAL))
        .param("work", task.kind().name())
        .param("ranges", Json.write(task.sql()))
        .param("undo", task.undo())
        .param("id", task.migration())
        .update();
  }

  /** Opens it for what is left or has come since. What was done stays done. */
  void reopen(BackfillTask task) {
    database
        .jdbc()
        .sql(
            """
            UPDATE migrator.backfill
               SET work = :work, ranges = :ranges::jsonb, seal = %s, undo = :undo,
                   finished_at = CASE WHEN :work::text = 'COPY' THEN NULL ELSE finished_at END
             WHERE migration_id = :id
            """
                .formatted(SEAL))
        .param("work", task.kind().name())
        .param("ranges", Json.write(task.sql()))
        .param("undo", task.undo())
        .param("id", task.migration())
        .update();
  }

  /**
   * Goes on with what is open, by the SQL that the leader has made itself: what stands there may be
   * that of another version of the library, or of nobody who may write it.
   */
  void goOn(BackfillTask task) {
    database
        .jdbc()
        .sql(
            """
            UPDATE migrator.backfill SET ranges = :ranges::jsonb, seal = %s, undo = :undo
             WHERE migration_id = :id
            """
                .formatted(SEAL))
        .param("ranges", Json.write(task.sql()))
        .param("undo", task.undo())
        .param("id", task.migration())
        .update();
  }

  /**
   * The table or those of its partitions that were not covered when all others were.
   *
   * <p>What is covered stays covered while it is attached, also when its file changes: every
   * version of a row that was written since then agrees, wherever it lies.
   */
  public List<Leaf> uncovered(String migration, BackfillTask.Kind kind, long table) {
    Set<String> covered =
        new HashSet<>(
            database
                .jdbc()
                .sql(
                    "SELECT unnest(%s) FROM migrator.backfill WHERE migration_id = ?"
                        .formatted(kind == BackfillTask.Kind.COPY ? "copied" : "verified"))
                .param(migration)
                .query(String.class)
                .list());
    return new LeafReader(database)
        .of(table).stream().filter(it -> !covered.contains(it.attachment())).toList();
  }

  /**
   * If all chunks are done, keeps what they counted, and forgets them. The server may have lost the
   * end of one since it was seen.
   *
   * @return whether they are done
   */
  boolean close(String migration, BackfillTask.Kind kind) {
    String kept =
        (kind == BackfillTask.Kind.COPY)
            ? """
              finished_at = now(), rows_done = b.rows_done + c.rows,
              copied = b.copied || c.attachments"""
            : """
              verified_at = now(), rows_verified = b.rows_verified + c.rows,
              rows_differing = b.rows_differing + c.differing, verified = b.verified || c.attachments""";
    return database
            .jdbc()
            .sql(
                """
            WITH open AS (SELECT EXISTS (SELECT FROM migrator.chunk WHERE migration_id = :id AND NOT finished) AS still),
            deleted AS (DELETE FROM migrator.chunk WHERE migration_id = :id AND NOT (SELECT still FROM open)
                        RETURNING rows_done, rows_differing, mark)
            UPDATE migrator.backfill b SET work = NULL, %s
              FROM (SELECT coalesce(array_agg(DISTINCT split_part(mark, ':', 1)), '{}') AS attachments,
                           coalesce(sum(rows_done), 0) AS rows,
                           coalesce(sum(rows_differing), 0) AS differing FROM deleted) AS c
             WHERE migration_id = :id AND NOT (SELECT still FROM open)
            """
                    .formatted(kept))
            .param("id", migration)
            .update()
        > 0;
  }

  /**
   * Begins again with all rows, if there is a beginning: rows may have changed behind what was
   * done.
   */
  public void restart(String migration) {
    forgetChunks(migration);
    database
        .jdbc()
        .sql(
            """
            UPDATE migrator.backfill
               SET work = 'COPY', blocks = 0, finished_at = NULL, copied = '{}',
                   verified = '{}', rows_verified = 0, rows_differing = 0, verified_at = NULL
             WHERE migration_id = ?
            """)
        .param(migration)
        .update();
  }

  /** Copies all rows again in another way. What was compared stays so, as all is kept in step. */
  void copyAnew(BackfillTask task) {
    forgetChunks(task.migration());
    database
        .jdbc()
        .sql(
            """
            UPDATE migrator.backfill
               SET work = 'COPY', blocks = 0, rows_done = 0, finished_at = NULL, copied = '{}'
             WHERE migration_id = ?
            """)
        .param(task.migration())
        .update();
    goOn(task);
  }

  /**
   * Whether what is recorded was done in another way: by another step of the migration, or by a
   * version of the library that copies in passes of another kind.
   */
  public boolean isOfAnother(String migration, RangeSql sql) {
    return database
        .jdbc()
        .sql(
            """
            SELECT coalesce(ranges ->> 'assignments' <> :assignments, false)
              FROM migrator.backfill WHERE migration_id = :id
            """)
        .param("assignments", sql.assignments())
        .param("id", migration)
        .query(Boolean.class)
        .single();
  }

  /** Both sides of all rows were compared in one snapshot. */
  void compared(String migration, long rows, long differing) {
    database
        .jdbc()
        .sql(
            """
            UPDATE migrator.backfill
               SET verified_at = now(), rows_verified = ?, rows_differing = ?
             WHERE migration_id = ?
            """)
        .params(rows, differing, migration)
        .update();
  }

  /**
   * Ends the work on a migration before it is done, and takes its chunks away from their owners.
   *
   * @return how many chunks are left, because a worker is at a range of them
   */
  public long withdraw(String migration) {
    database
        .jdbc()
        .sql("UPDATE migrator.backfill SET work = NULL WHERE migration_id = ?")
        .param(migration)
        .update();
    return new AllocationStore(database).withdraw(migration);
  }

  /**
   * Records that all rows were copied and compared by the transaction at hand, which lets nobody
   * write beside it.
   *
   * @param leaves where they lie
   */
  public void doneAtOnce(String migration, long rows, List<Leaf> leaves) {
    database
        .jdbc()
        .sql(
            """
            INSERT INTO migrator.backfill (migration_id, rows_estimated, rows_done, finished_at, copied,
                                           rows_verified, verified_at, verified)
            VALUES (:id, :rows, :rows, now(), :leaves::text[], :rows, now(), :leaves::text[])
            """)
        .param("id", migration)
        .param("rows", rows)
        .param("leaves", attachments(leaves))
        .update();
  }

  /**
   * Records that both sides of all rows agree, as the transaction at hand has found in one
   * snapshot.
   *
   * @param leaves where they lie
   */
  void comparedAtOnce(String migration, long rows, List<Leaf> leaves) {
    database
        .jdbc()
        .sql(
            """
            UPDATE migrator.backfill
               SET verified_at = now(), rows_verified = :rows, rows_differing = 0,
                   verified = :leaves::text[]
             WHERE migration_id = :id
            """)
        .param("id", migration)
        .param("rows", rows)
        .param("leaves", attachments(leaves))
        .update();
  }

  private static String[] attachments(List<Leaf> leaves) {
    return leaves.stream().map(Leaf::attachment).toArray(String[]::new);
  }

  /** Forgets everything about a migration. */
  public void forget(String migration) {
    new Quarantine(database).forget(migration);
    forgetChunks(migration);
    database
        .jdbc()
        .sql("DELETE FROM migrator.backfill WHERE migration_id = ?")
        .param(migration)
        .update();
  }

  private void forgetChunks(String migration) {
    database
        .jdbc()
        .sql("DELETE FROM migrator.chunk WHERE migration_id = ?")
        .param(migration)
        .update();
  }

  /** How far a migration is. */
  private record Of(String migration, Progress progress) {}

  private static Progress progress(ResultSet rs) throws SQLException {
    List<Progress.Worker> workers = Json.readList(rs.getString("workers"), Progress.Worker.class);
    String name = rs.getString("work");
    BackfillTask.Kind work = (name == null) ? null : BackfillTask.Kind.valueOf(name);
    boolean copies = work == BackfillTask.Kind.COPY;
    boolean verifies = work == BackfillTask.Kind.VERIFY;
    return new Progress(
        work,
        rs.getLong("blocks"),
        rs.getLong("blocks_left"),
        rs.getLong("blocks_put_off"),
        rs.getLong("rows_done") + (copies ? rs.getLong("chunk_rows") : 0),
        rs.getLong("rows_estimated"),
        rs.getTimestamp("started_at").toInstant(),
        Columns.instant(rs, "finished_at"),
        rs.getLong("rows_verified") + (verifies ? rs.getLong("chunk_rows") : 0),
        rs.getLong("rows_differing") + (verifies ? rs.getLong("chunk_differing") : 0),
        Columns.instant(rs, "verified_at"),
        throttle(rs, !workers.isEmpty()),
        rs.getInt("speed"),
        rs.getLong("rows_bad"),
        workers);
  }

  /** The reason for all workers counts only while one of them goes on reading it. */
  private static @Nullable String throttle(ResultSet rs, boolean works) throws SQLException {
    String all = rs.getString("throttle");
    return (works && all != null) ? all : rs.getString("chunk_throttle");
  }
}
