package dev.migrator.internal.journal;

import dev.migrator.Phase;
import dev.migrator.internal.json.Json;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.plan.OldSide;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Interval;
import dev.migrator.status.MigrationEvent.Kind;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The records of every change, and beside them those of its steps. Writes are to be made in a
 * transaction that has checked the {@link Lease}; a step that is one transaction is recorded as
 * done in that very transaction.
 */
public final class Journal {

  private final Database database;

  private final RecordedReader recorded;

  private final EventLog events;

  private final String instance;

  private final String release;

  public Journal(Database database, String instance, String release) {
    this.database = database;
    this.recorded = new RecordedReader(database);
    this.events = new EventLog(database, instance, release);
    this.instance = instance;
    this.release = release;
  }

  /** The records of the steps. */
  public StepJournal steps() {
    return new StepJournal(database, instance, events);
  }

  /** The same for people. */
  public StepStatuses statuses() {
    return new StepStatuses(database);
  }

  /** Of migrations that go through their phases in one transaction. */
  public OneTransactionRecord atOnce() {
    return new OneTransactionRecord(database, instance, release);
  }

  /** Of SQL files that run together. */
  public FilesRecord files() {
    return new FilesRecord(database, instance, release);
  }

  /** Of migrations that a baseline contains. */
  public ContainedRecords contained() {
    return new ContainedRecords(database, events);
  }

  /** What happened to the migrations. */
  public EventLog events() {
    return events;
  }

  /** See {@link RecordedReader#snapshot}. */
  public Snapshot snapshot(Collection<String> ids) {
    return recorded.snapshot(ids);
  }

  /** See {@link RecordedReader#snapshotWithFiles}. */
  public Snapshot snapshotWithFiles(Collection<String> ids, SameAsDeclared same) {
    return recorded.snapshotWithFiles(ids, same);
  }

  /** See {@link RecordedReader#refreshed}. */
  public Snapshot refreshed(Snapshot known, Collection<String> ids) {
    return recorded.refreshed(known, ids);
  }

  /** The record of one migration alone. */
  public Snapshot only(String id) {
    return recorded.only(id);
  }

  /** Notes that another file may be under an id than the one that ran, or none. */
  public void repaired(String id, List<OperationFacts> operations, String reason) {
    database
        .jdbc()
        .sql("UPDATE migrator.migration SET operations = ?::jsonb WHERE id = ?")
        .params(Json.write(operations), id)
        .update();
    events.append(id, Kind.COMMAND, null, "REPAIR: " + reason);
  }

  /** All records. */
  public Snapshot all() {
    return recorded.all();
  }

  /**
   * Notes that a phase begins, as it is declared now.
   *
   * @param table the first table, quoted
   */
  public void begin(String id, String table, List<OperationFacts> operations, Phase phase) {
    List<OperationFacts> begun = operations.stream().map(it -> it.upTo(phase)).toList();
    boolean again =
        database
            .jdbc()
            .sql(
                """
                WITH before AS (SELECT begun FROM migrator.migration WHERE id = :id)
                INSERT INTO migrator.migration (id, table_name, operations, begun)
                VALUES (:id, :table, :operations::jsonb, :begun)
                ON CONFLICT (id) DO UPDATE
                   SET table_name = excluded.table_name, operations = excluded.operations,
                       begun = excluded.begun, settled = false
                RETURNING coalesce((SELECT begun FROM before) = :begun, false)
                """)
            .param("id", id)
            .param("table", table)
            .param("operations", Json.write(begun))
            .param("begun", phase.name())
            .query(Boolean.class)
            .single();
    if (!again) {
      events.append(id, Kind.PHASE_BEGUN, phase, null);
    }
  }

  public void failed(String id, String step, String error) {
    steps().failed(id, step, error);
    refused(id, error);
  }

  /** A change that cannot be carried out as declared, found out before a step began. */
  public void refused(String id, String reason) {
    set(id, "failure", reason);
  }

  /** The same of one that was not begun: it is tried again by the next start, or by RETRY. */
  public void refusedAtFirst(String id, String reason) {
    database
        .jdbc()
        .sql(
            """
            INSERT INTO migrator.migration (id, table_name, operations, failure)
            VALUES (?, '', '[]', ?)
            ON CONFLICT (id) DO UPDATE SET failure = excluded.failure
            """)
        .params(id, reason)
        .update();
  }

  /**
   * Whether an operator holds the change or wants it back. A command that comes later waits for the
   * transaction at hand.
   */
  public boolean isHeld(String id) {
    return holds("paused OR undoing", id);
  }

  /** Whether the change is to be undone. A command that comes later waits as well. */
  public boolean isUndoing(String id) {
    return holds("undoing", id);
  }

  private boolean holds(String condition, String id) {
    return database
        .jdbc()
        .sql("SELECT " + condition + " FROM migrator.migration WHERE id = ? FOR SHARE")
        .param(id)
        .query(Boolean.class)
        .optional()
        .orElse(false);
  }

  /**
   * Withdraws the command to undo.
   *
   * @param begun whether steps are undone already, which are to be done again: then the migration
   *     is where it was before its last phase was reached
   */
  public void withdrawUndo(String id, Phase phase, boolean begun) {
    set(id, "undoing", false);
    if (begun) {
      rest(id, Recorded.before(phase));
      forgetDrop(id);
    }
  }

  /** Makes concurrent commands about one change wait for each other until the transaction ends. */
  public void lock(String id) {
    database
        .jdbc()
        .sql("SELECT 1 FROM migrator.migration WHERE id = ? FOR NO KEY UPDATE")
        .param(id)
        .query(Integer.class)
        .optional();
  }

  /**
   * Notes that a phase is reached. What was begun in it and not recorded as done, because its
   * instance was killed, the catalog has shown to be done.
   */
  public void reached(String id, Phase phase) {
    steps().close(id, phase);
    rest(id, phase);
    events.append(id, Kind.PHASE_REACHED, phase, null);
    events.prune();
  }

  /** Notes where the migration is. */
  private void rest(String id, @Nullable Phase phase) {
    database
        .jdbc()
        .sql("UPDATE migrator.migration SET phase = :phase, since = now() WHERE id = :id")
        .param("phase", (phase == null) ? null : phase.name())
        .param("id", id)
        .update();
    settle(id);
  }

  private void settle(String id) {
    Recorded recorded = only(id).get(id);
    if (recorded != null) {
      set(id, "settled", !recorded.isUnsettled());
    }
  }

  public void retired(String id, Duration retention) {
    database
        .jdbc()
        .sql("UPDATE migrator.migration SET drop_due = now() + ?::interval WHERE id = ?")
        .params(Interval.of(retention), id)
        .update();
  }

  /**
   * Notes that nothing is left to do.
   *
   * @return whether it is so; not if an operator had the change undone in the meantime
   */
  public boolean completed(String id) {
    boolean completed =
        database
                .jdbc()
                .sql(
                    """
                    UPDATE migrator.migration SET completed = true, drop_due = NULL
                     WHERE id = ? AND NOT undoing
                    """)
                .param(id)
                .update()
            == 1;
    if (completed) {
      events.append(id, Kind.COMPLETED, null, null);
    }
    return completed;
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

  public void speed(String id, int percent) {
    set(id, "speed", percent);
  }

  public void approveContract(String id) {
    set(id, "contract_approved", true);
  }

  public void withdrawApproval(String id) {
    set(id, "contract_approved", false);
  }

  public void pause(String id, boolean paused) {
    set(id, "paused", paused);
  }

  public void undo(String id) {
    set(id, "undoing", true);
  }

  /** Notes who has to write the old side from now on. */
  public void oldSide(String id, OldSide oldSide) {
    set(id, "old_side", oldSide.name());
  }

  /** The retired columns are visible again, though not up to date; the undo goes on. */
  public void unretired(String id) {
    rest(id, Phase.SWITCH_READ);
    forgetDrop(id);
  }

  private void forgetDrop(String id) {
    database
        .jdbc()
        .sql("UPDATE migrator.migration SET drop_due = NULL WHERE id = ?")
        .param(id)
        .update();
  }

  /**
   * A phase is undone, and the migration rests before it.
   *
   * @param before the phase before it; {@code null} if it was the first
   */
  public void undone(String id, Phase phase, @Nullable Phase before) {
    List<OperationFacts> left =
        (before == null)
            ? List.of()
            : Objects.requireNonNull(only(id).get(id)).operations().stream()
                .map(it -> it.upTo(before))
                .toList();
    database
        .jdbc()
        .sql(
            """
            UPDATE migrator.migration
               SET undoing = false, undone = true, contract_approved = false, drop_due = NULL,
                   old_side = 'KEPT', begun = :begun, operations = :operations::jsonb
             WHERE id = :id
            """)
        .param("begun", (before == null) ? null : before.name())
        .param("operations", Json.write(left))
        .param("id", id)
        .update();
    rest(id, before);
    events.append(id, Kind.PHASE_UNDONE, phase, null);
  }

  public void goOn(String id) {
    set(id, "undone", false);
  }

  private void set(String id, String column, Object value) {
    database
        .jdbc()
        .sql("UPDATE migrator.migration SET " + column + " = ? WHERE id = ?")
        .params(value, id)
        .update();
  }
}
