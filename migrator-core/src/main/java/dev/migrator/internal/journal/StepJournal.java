package dev.migrator.internal.journal;

import dev.migrator.Phase;
import dev.migrator.internal.json.Json;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.step.Step;
import dev.migrator.status.Blocker;
import dev.migrator.status.MigrationEvent.Kind;
import dev.migrator.status.StepStatus.State;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The records of the steps: recorded for later, running, done, failed, undone. The direction is
 * part of the state: a step that is being undone stays so until its undo is done, whatever fails
 * meanwhile.
 */
public final class StepJournal {

  static final String PHASE_ORDER =
      """
      array_position(ARRAY['EXPAND', 'DUAL_WRITE', 'BACKFILL', 'SWITCH_READ', 'CONTRACT'], s.phase)""";

  private static final String SEAL = Seal.ofStep("s.migration_id", "s.name", "s.definition");

  private final Database database;

  private final String instance;

  private final EventLog events;

  StepJournal(Database database, String instance, EventLog events) {
    this.database = database;
    this.instance = instance;
    this.events = events;
  }

  /** Notes that a step begins. */
  public void started(String id, Step step, int position) {
    record(id, step, position, State.RUNNING, null);
  }

  /** Notes that a step begins which undoes another one. */
  public void startedUndo(String id, Step step, int position, String undoes) {
    record(id, step, position, State.RUNNING, undoes);
  }

  /**
   * Records a step that is to be done later, perhaps by a release that does not know the change.
   */
  public void pending(String id, Step step, int position) {
    record(id, step, position, State.PENDING, null);
  }

  private void record(String id, Step step, int position, State state, @Nullable String undoes) {
    database
        .jdbc()
        .sql(
            """
            INSERT INTO migrator.step AS s (migration_id, name, phase, position, undoes, state, attempts,
                                            instance, started_at, definition, seal)
            VALUES (:id, :name, :phase, :position, :undoes, :state, :running::int, :instance,
                    CASE WHEN :running THEN clock_timestamp() END, :definition::jsonb, %s)
            ON CONFLICT (migration_id, name) DO UPDATE
               SET phase = excluded.phase, position = excluded.position, state = excluded.state, attempts = excluded.attempts + CASE WHEN :running THEN s.attempts ELSE 0 END,
                   instance = excluded.instance, started_at = excluded.started_at,
                   finished_at = NULL, error = NULL, blockers = '[]', definition = excluded.definition, seal = excluded.seal
            """
                .formatted(Seal.ofStep(":id", ":name", ":definition::jsonb")))
        .param("id", id)
        .param("name", step.name())
        .param("phase", step.phase().name())
        .param("position", position)
        .param("undoes", undoes)
        .param("state", state.name())
        .param("running", state == State.RUNNING)
        .param("instance", instance)
        .param("definition", Json.write(step))
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

  public void done(String id, String step) {
    finish(id, step, State.DONE, null);
    events.appendStep(id, step, Kind.STEP_DONE);
  }

  public void failed(String id, String step, String error) {
    finish(id, step, State.FAILED, error);
    events.appendStep(id, step, Kind.STEP_FAILED);
  }

  /** From here on the step is being undone, until {@link #undone}. */
  public void undoing(String id, String step) {
    database
        .jdbc()
        .sql("UPDATE migrator.step SET state = 'UNDOING' WHERE migration_id = ? AND name = ?")
        .params(id, step)
        .update();
  }

  /** The undo of a step is done, and with it the steps of the undo. */
  public void undone(String id, String step) {
    finish(id, step, State.UNDONE, null);
    events.appendStep(id, step, Kind.STEP_UNDONE);
    database
        .jdbc()
        .sql("DELETE FROM migrator.step WHERE migration_id = ? AND undoes = ?")
        .params(id, step)
        .update();
  }

  /** Who was in the way of a step that failed stays on record; otherwise the wait is over. */
  private void finish(String id, String step, State state, @Nullable String error) {
    database
        .jdbc()
        .sql(
            """
            UPDATE migrator.step
               SET state = :state, error = :error, instance = :instance, finished_at = clock_timestamp(),
                   blockers = CASE :state::text WHEN 'FAILED' THEN blockers ELSE '[]' END
             WHERE migration_id = :id AND name = :name
            """)
        .param("state", state.name())
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
   * Notes who is in the way of a step, or that nobody is. Only of a step that runs: what somebody
   * saw a moment ago does not outlive it.
   */
  public void blocked(String id, String step, List<Blocker> blockers) {
    database
        .jdbc()
        .sql(
            """
            UPDATE migrator.step SET blockers = :blockers::jsonb
             WHERE migration_id = :id AND name = :name AND state = 'RUNNING'
            """)
        .param("blockers", Json.write(blockers))
        .param("id", id)
        .param("name", step)
        .update();
  }

  /** The steps of one migration as they can be run and undone, in the order of the work. */
  public List<StepRecord> records(String id) {
    return database
        .jdbc()
        .sql(
            """
            SELECT s.definition, s.state, s.undoes, coalesce(s.seal = %s, false) AS sealed
              FROM migrator.step s WHERE s.migration_id = ? ORDER BY %s, s.position
            """
                .formatted(SEAL, PHASE_ORDER))
        .param(id)
        .query(
            (rs, row) ->
                new StepRecord(
                    Json.read(rs.getString("definition"), Step.class),
                    State.valueOf(rs.getString("state")),
                    rs.getString("undoes"),
                    rs.getBoolean("sealed")))
        .list();
  }

  /**
   * Seals what is recorded of migrations whoever wrote it, because an operator has looked at it.
   *
   * @return how many steps were not sealed
   */
  public int accept(Collection<String> ids) {
    return database
        .jdbc()
        .sql(
            """
            UPDATE migrator.step s SET seal = %s
             WHERE s.migration_id = ANY (:ids) AND s.seal IS DISTINCT FROM %s
            """
                .formatted(SEAL, SEAL))
        .param("ids", ids.toArray(String[]::new))
        .update();
  }

  /** Those of one phase that are done, and are no undo. */
  public List<Step> done(String id, Phase phase) {
    return database
        .jdbc()
        .sql(
            """
            SELECT definition FROM migrator.step
             WHERE migration_id = ? AND phase = ? AND state = 'DONE' AND undoes IS NULL
            """)
        .params(id, phase.name())
        .query((rs, row) -> Json.read(rs.getString("definition"), Step.class))
        .list();
  }

  /** What was begun in a phase that is reached, and whose record was lost, is done. */
  void close(String id, Phase phase) {
    database
        .jdbc()
        .sql(
            """
            UPDATE migrator.step SET state = 'DONE', finished_at = clock_timestamp(), blockers = '[]'
             WHERE migration_id = :id AND phase = :phase AND state = 'RUNNING' AND undoes IS NULL
            """)
        .param("id", id)
        .param("phase", phase.name())
        .update();
  }
}
