package dev.migrator.internal.journal;

import dev.migrator.Phase;
import dev.migrator.internal.backfill.ProgressStore;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.step.Step;
import dev.migrator.internal.step.StepCodec;
import dev.migrator.status.Blocker;
import dev.migrator.status.StepStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The records of the steps: intended, running, done, failed, undone, or recorded for later. */
public final class StepJournal {

  private final Database database;

  private final String instance;

  StepJournal(Database database, String instance) {
    this.database = database;
    this.instance = instance;
  }

  public void started(String id, Step step, int position) {
    database
        .jdbc()
        .sql(
            """
            INSERT INTO migrator.step (migration_id, name, phase, position, state, attempts, instance,
                                       started_at, statements, undo)
            VALUES (:id, :name, :phase, :position, 'RUNNING', 1, :instance, clock_timestamp(), :statements, :undo)
            ON CONFLICT (migration_id, name) DO UPDATE
               SET state = 'RUNNING', attempts = step.attempts + 1, instance = excluded.instance,
                   started_at = excluded.started_at, finished_at = NULL, error = NULL, blockers = '[]',
                   statements = excluded.statements, undo = excluded.undo
            """)
        .param("id", id)
        .param("name", step.name())
        .param("phase", step.phase().name())
        .param("position", position)
        .param("instance", instance)
        .param("statements", step.statements().toArray(String[]::new))
        .param("undo", step.undo().toArray(String[]::new))
        .update();
  }

  /** Puts a step off that was begun and must not go on now; it has changed nothing. */
  public void postponed(String id, String step) {
    database
        .jdbc()
        .sql(
            """
            UPDATE migrator.step SET state = 'PENDING', started_at = NULL, blockers = '[]'
             WHERE migration_id = ? AND name = ? AND state = 'RUNNING'
            """)
        .params(id, step)
        .update();
  }

  /**
   * Records a step that is to be done later, possibly by a release that does not know the change.
   */
  public void pending(String id, Step step, int position) {
    database
        .jdbc()
        .sql(
            """
            INSERT INTO migrator.step (migration_id, name, phase, position, state, statements, recipe, undo)
            VALUES (:id, :name, :phase, :position, 'PENDING', :statements, :recipe, '{}')
            ON CONFLICT (migration_id, name) DO UPDATE
               SET state = 'PENDING', position = excluded.position, statements = excluded.statements,
                   recipe = excluded.recipe, attempts = 0, started_at = NULL, finished_at = NULL,
                   error = NULL
            """)
        .param("id", id)
        .param("name", step.name())
        .param("phase", step.phase().name())
        .param("position", position)
        .param("statements", step.statements().toArray(String[]::new))
        .param("recipe", StepCodec.encode(step).toArray(String[]::new))
        .update();
  }

  /**
   * The steps recorded for later whose names begin so and that are not done yet, in their order.
   */
  public List<Step> pendingSteps(String id, String prefix) {
    return database
        .jdbc()
        .sql(
            """
            SELECT name, phase, recipe, statements FROM migrator.step
             WHERE migration_id = ? AND starts_with(name, ?) AND recipe <> '{}' AND state <> 'DONE'
             ORDER BY position
            """)
        .params(id, prefix)
        .query(
            (rs, row) ->
                StepCodec.decode(
                    rs.getString("name"),
                    Phase.valueOf(rs.getString("phase")),
                    Journal.strings(rs.getArray("recipe")),
                    Journal.strings(rs.getArray("statements"))))
        .list();
  }

  /** Forgets what was recorded for later and is not needed any longer. */
  public void forgetPending(String id, String prefix) {
    database
        .jdbc()
        .sql(
            "DELETE FROM migrator.step WHERE migration_id = ? AND starts_with(name, ?) AND recipe <> '{}'")
        .params(id, prefix)
        .update();
  }

  public void done(String id, String step) {
    finish(id, step, "DONE", null);
  }

  public void undone(String id, String step) {
    finish(id, step, "UNDONE", null);
  }

  void failed(String id, String step, String error) {
    finish(id, step, "FAILED", error);
  }

  /** Who was in the way of a step that failed stays on record; otherwise the wait is over. */
  private void finish(String id, String step, String state, @Nullable String error) {
    database
        .jdbc()
        .sql(
            """
            UPDATE migrator.step
               SET state = :state, error = :error, instance = :instance, finished_at = clock_timestamp(),
                   blockers = CASE :state WHEN 'FAILED' THEN blockers ELSE '[]' END
             WHERE migration_id = :id AND name = :name
            """)
        .param("state", state)
        .param("error", error)
        .param("instance", instance)
        .param("id", id)
        .param("name", step)
        .update();
  }

  /** Counts an attempt that did not get its lock and is to be repeated. */
  public void attempted(String id, String step) {
    database
        .jdbc()
        .sql("UPDATE migrator.step SET attempts = attempts + 1 WHERE migration_id = ? AND name = ?")
        .params(id, step)
        .update();
  }

  /**
   * Notes who stands in the way of a step, or that nobody does. Only of a step that is being done
   * or taken back: what somebody saw a moment ago does not outlive it.
   */
  public void blocked(String id, String step, List<Blocker> blockers) {
    database
        .jdbc()
        .sql(
            """
            UPDATE migrator.step s
               SET blockers = (
                 SELECT coalesce(jsonb_agg(to_jsonb(b)), '[]')
                   FROM unnest(:pids::int[], :applications::text[], :states::text[],
                               :transactions::timestamptz[], :queries::timestamptz[])
                     AS b(pid, application, state, transaction_start, query_start))
             WHERE migration_id = :id AND name = :name
               AND (state = 'RUNNING'
                 OR EXISTS (SELECT FROM migrator.migration m WHERE m.id = s.migration_id AND m.undoing))
            """)
        .param("pids", texts(blockers, Blocker::pid))
        .param("applications", texts(blockers, Blocker::application))
        .param("states", texts(blockers, Blocker::state))
        .param("transactions", texts(blockers, Blocker::transactionStart))
        .param("queries", texts(blockers, Blocker::queryStart))
        .param("id", id)
        .param("name", step)
        .update();
  }

  private static String[] texts(
      List<Blocker> blockers, Function<Blocker, @Nullable Object> property) {
    return blockers.stream()
        .map(property)
        .map(it -> (it == null) ? null : it.toString())
        .toArray(String[]::new);
  }

  /** The steps of one change, in the order of the work. */
  public List<StepStatus> of(String id) {
    return database
        .jdbc()
        .sql(
            """
            SELECT s.*, (SELECT array_agg(concat_ws(chr(31), b.pid, b.application, coalesce(b.state, ''),
                                          coalesce(extract(epoch FROM b.transaction_start)::text, ''),
                                          coalesce(extract(epoch FROM b.query_start)::text, '')))
                           FROM (SELECT * FROM jsonb_to_recordset(s.blockers)
                                        AS r(pid int, application text, state text,
                                             transaction_start timestamptz, query_start timestamptz)
                                  UNION
                                 -- What the instance that builds an index could not look up itself.
                                 SELECT a.pid, coalesce(a.application_name, ''), a.state, a.xact_start, a.query_start
                                   FROM pg_stat_progress_create_index p
                                   JOIN pg_stat_activity a ON a.pid = p.current_locker_pid
                                  WHERE s.state = 'RUNNING' AND p.datname = current_database()
                                    AND p.relid = to_regclass(m.table_name)
                                    AND NOT s.blockers @> jsonb_build_array(jsonb_build_object('pid', a.pid))
                                 ) AS b) AS blocking
              FROM migrator.step s JOIN migrator.migration m ON m.id = s.migration_id
             WHERE s.migration_id = ?
             ORDER BY CASE s.phase WHEN 'EXPAND' THEN 0 WHEN 'DUAL_WRITE' THEN 1 WHEN 'BACKFILL' THEN 2
                                 WHEN 'SWITCH_READ' THEN 3 ELSE 4 END, s.position
            """)
        .param(id)
        .query((rs, row) -> step(rs))
        .list();
  }

  /** The SQL that was recorded for a step. */
  public List<String> statements(String id, String step) {
    return texts(id, step, "statements");
  }

  /** The SQL that was recorded for taking a step back. */
  public List<String> undo(String id, String step) {
    return texts(id, step, "undo");
  }

  private List<String> texts(String id, String step, String column) {
    return database
        .jdbc()
        .sql("SELECT unnest(" + column + ") FROM migrator.step WHERE migration_id = ? AND name = ?")
        .params(id, step)
        .query(String.class)
        .list();
  }

  private static StepStatus step(ResultSet rs) throws SQLException {
    Instant started = ProgressStore.instant(rs, "started_at");
    Instant finished = ProgressStore.instant(rs, "finished_at");
    Duration duration =
        (started == null || finished == null) ? null : Duration.between(started, finished);
    List<Blocker> blockers = new ArrayList<>();
    for (String blocker : Journal.strings(rs.getArray("blocking"))) {
      String[] parts = blocker.split("\u001f", -1);
      blockers.add(
          new Blocker(
              Integer.parseInt(parts[0]),
              parts[1],
              parts[2].isEmpty() ? null : parts[2],
              epoch(parts[3]),
              epoch(parts[4])));
    }
    return new StepStatus(
        rs.getString("name"),
        Phase.valueOf(rs.getString("phase")),
        StepStatus.State.valueOf(rs.getString("state")),
        rs.getInt("attempts"),
        rs.getString("instance"),
        started,
        duration,
        rs.getString("error"),
        blockers);
  }

  private static @Nullable Instant epoch(String seconds) {
    return seconds.isEmpty()
        ? null
        : Instant.ofEpochMilli((long) (Double.parseDouble(seconds) * 1000));
  }

  /** What was begun in a phase that is reached, and whose record was lost, is done. */
  void close(String id, Phase phase) {
    database
        .jdbc()
        .sql(
            """
            UPDATE migrator.step SET state = 'DONE', finished_at = clock_timestamp(), blockers = '[]'
             WHERE migration_id = :id AND phase = :phase AND state = 'RUNNING'
            """)
        .param("id", id)
        .param("phase", phase.name())
        .update();
  }
}
