package dev.migrator.journal;

import dev.migrator.Blocker;
import dev.migrator.Phase;
import dev.migrator.StepStatus;
import dev.migrator.plan.Fleet;
import dev.migrator.plan.Recorded;
import dev.migrator.plan.Step;
import dev.migrator.plan.StepCodec;
import dev.migrator.postgres.Database;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The records of every change and every step. Writes are to be made in a transaction that has
 * checked the {@link Lease}; a step that is one transaction is recorded as done in that very
 * transaction.
 */
public final class Journal {

  private static final String RECORDED =
      """
      SELECT id, table_name, phase, definition, since, contract_approved, paused, undoing, undone,
             failure, drop_due, completed, now() AS now
        FROM migrator.migration
      """;

  private final Database database;

  private final String instance;

  public Journal(Database database, String instance) {
    this.database = database;
    this.instance = instance;
  }

  /**
   * The records of the changes asked for, and of all that wait for somebody to act, stand in the
   * way of others (see {@link Recorded}) or are contracted, in the order in which they were begun.
   */
  public Snapshot snapshot(Collection<String> ids) {
    return snapshot(
        RECORDED
            + """
               WHERE id = ANY (:ids) OR undoing OR phase = 'CONTRACT'
                  OR (phase IS DISTINCT FROM 'CONTRACT'
                      AND (definition[2] <> '' OR cardinality(definition) > coalesce(array_position(
                             ARRAY['EXPAND', 'DUAL_WRITE', 'BACKFILL', 'SWITCH_READ'], phase), 0)))
               ORDER BY created_at, id
              """,
        ids);
  }

  /** All records. */
  public Snapshot all() {
    return snapshot(RECORDED + " ORDER BY created_at, id", List.of());
  }

  private Snapshot snapshot(String sql, Collection<String> ids) {
    Map<String, Recorded> records = new LinkedHashMap<>();
    Instant[] now = {Instant.now()};
    var statement = database.jdbc().sql(sql);
    if (sql.contains(":ids")) {
      statement = statement.param("ids", ids.toArray(String[]::new));
    }
    statement
        .query(
            (rs, row) -> {
              now[0] = rs.getTimestamp("now").toInstant();
              return recorded(rs);
            })
        .list()
        .forEach(it -> records.put(it.id(), it));
    return new Snapshot(records, now[0], Fleet.EMPTY);
  }

  /** Notes that a phase of a change begins as it is declared now. */
  public void begin(String id, String table, List<String> definition) {
    database
        .jdbc()
        .sql(
            """
            INSERT INTO migrator.migration (id, table_name, definition) VALUES (:id, :table, :definition)
            ON CONFLICT (id) DO UPDATE
               SET table_name = excluded.table_name, definition = excluded.definition
            """)
        .param("id", id)
        .param("table", table)
        .param("definition", definition.toArray(String[]::new))
        .update();
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
                    strings(rs.getArray("recipe")),
                    strings(rs.getArray("statements"))))
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

  public void failed(String id, String step, String error) {
    finish(id, step, "FAILED", error);
    refused(id, error);
  }

  /** A change that cannot be carried out as declared, found out before a step began. */
  public void refused(String id, String reason) {
    database
        .jdbc()
        .sql("UPDATE migrator.migration SET failure = ? WHERE id = ?")
        .params(reason, id)
        .update();
  }

  /**
   * Whether an operator holds the change or wants it back. A word that comes later waits for the
   * transaction at hand.
   */
  public boolean isHeld(String id) {
    return database
        .jdbc()
        .sql("SELECT paused OR undoing FROM migrator.migration WHERE id = ? FOR SHARE")
        .param(id)
        .query(Boolean.class)
        .optional()
        .orElse(false);
  }

  /** Makes concurrent words about one change wait for each other until the transaction ends. */
  public void lock(String id) {
    database
        .jdbc()
        .sql("SELECT 1 FROM migrator.migration WHERE id = ? FOR NO KEY UPDATE")
        .param(id)
        .query(Integer.class)
        .optional();
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

  /**
   * Notes that a phase is reached. What was begun in it and not recorded as done, because its
   * instance was killed, the catalog has shown to be done.
   */
  public void reached(String id, @Nullable Phase phase) {
    database
        .jdbc()
        .sql(
            """
            UPDATE migrator.step SET state = 'DONE', finished_at = clock_timestamp(), blockers = '[]'
             WHERE migration_id = :id AND phase = :phase AND state = 'RUNNING'
            """)
        .param("id", id)
        .param("phase", (phase == null) ? "" : phase.name())
        .update();
    database
        .jdbc()
        .sql("UPDATE migrator.migration SET phase = :phase, since = now() WHERE id = :id")
        .param("phase", (phase == null) ? null : phase.name())
        .param("id", id)
        .update();
  }

  public void retired(String id, Duration retention) {
    database
        .jdbc()
        .sql("UPDATE migrator.migration SET drop_due = now() + ?::interval WHERE id = ?")
        .params(retention.toMillis() + " milliseconds", id)
        .update();
  }

  /**
   * Notes that nothing is left to do.
   *
   * @return whether it is so; not if an operator wished the change to be taken back in the meantime
   */
  public boolean completed(String id) {
    return database
            .jdbc()
            .sql(
                """
                UPDATE migrator.migration SET completed = true, drop_due = NULL
                 WHERE id = ? AND NOT undoing
                """)
            .param(id)
            .update()
        == 1;
  }

  /** Failures are tried again at the start of an instance. */
  public void forgetFailures(Collection<String> ids) {
    database
        .jdbc()
        .sql(
            "UPDATE migrator.migration SET failure = NULL WHERE id = ANY (:ids) AND failure IS NOT NULL")
        .param("ids", ids.toArray(String[]::new))
        .update();
  }

  public void retry(String id) {
    forgetFailures(List.of(id));
  }

  public void speed(String id, int percent) {
    database
        .jdbc()
        .sql("UPDATE migrator.migration SET speed = ? WHERE id = ?")
        .params(percent, id)
        .update();
  }

  public void approveContract(String id) {
    flag(id, "contract_approved", true);
  }

  public void pause(String id, boolean paused) {
    flag(id, "paused", paused);
  }

  public void wishUndo(String id) {
    flag(id, "undoing", true);
  }

  /** The wish to take a phase back is fulfilled; the change rests there. */
  public void tookBack(String id, @Nullable Phase phase, int phasesLeft) {
    reached(id, phase);
    database
        .jdbc()
        .sql(
            """
            UPDATE migrator.migration
               SET undoing = false, undone = true, contract_approved = false, drop_due = NULL,
                   definition = definition[1:?]
             WHERE id = ?
            """)
        .params(phasesLeft, id)
        .update();
  }

  public void goOn(String id) {
    flag(id, "undone", false);
  }

  private void flag(String id, String column, boolean value) {
    database
        .jdbc()
        .sql("UPDATE migrator.migration SET " + column + " = ? WHERE id = ?")
        .params(value, id)
        .update();
  }

  /** The steps of one change, in the order of the work. */
  public List<StepStatus> steps(String id) {
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

  private static Recorded recorded(ResultSet rs) throws SQLException {
    String phase = rs.getString("phase");
    return new Recorded(
        rs.getString("id"),
        rs.getString("table_name"),
        (phase == null) ? null : Phase.valueOf(phase),
        strings(rs.getArray("definition")),
        ProgressJournal.instant(rs, "since"),
        rs.getBoolean("contract_approved"),
        rs.getBoolean("paused"),
        rs.getBoolean("undoing"),
        rs.getBoolean("undone"),
        rs.getString("failure"),
        ProgressJournal.instant(rs, "drop_due"),
        rs.getBoolean("completed"));
  }

  private static StepStatus step(ResultSet rs) throws SQLException {
    Instant started = ProgressJournal.instant(rs, "started_at");
    Instant finished = ProgressJournal.instant(rs, "finished_at");
    Duration duration =
        (started == null || finished == null) ? null : Duration.between(started, finished);
    List<Blocker> blockers = new ArrayList<>();
    for (String blocker : strings(rs.getArray("blocking"))) {
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

  private static List<String> strings(@Nullable Array array) throws SQLException {
    return (array == null) ? List.of() : List.of((String[]) array.getArray());
  }

  /**
   * Records at one moment.
   *
   * @param records by the id of the change
   * @param now that moment, on the database's clock
   * @param fleet who ran then; nobody if no decision depends on it
   */
  public record Snapshot(Map<String, Recorded> records, Instant now, Fleet fleet) {

    public Snapshot with(Fleet other) {
      return new Snapshot(records, now, other);
    }

    public @Nullable Recorded get(String id) {
      return records.get(id);
    }
  }
}
