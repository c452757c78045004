package dev.migrator.internal.journal;

import dev.migrator.Phase;
import dev.migrator.internal.backfill.ProgressStore;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.plan.Fleet;
import dev.migrator.internal.plan.OldSide;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.sql.Database;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The records of every change, and beside them those of its steps. Writes are to be made in a
 * transaction that has checked the {@link Lease}; a step that is one transaction is recorded as
 * done in that very transaction.
 */
public final class Journal {

  private static final String RECORDED =
      """
      SELECT id, table_name, phase, definition, since, contract_approved, paused, undoing, undone,
             failure, drop_due, completed, old_side, now() AS now
        FROM migrator.migration
      """;

  private final Database database;

  private final StepJournal steps;

  public Journal(Database database, String instance) {
    this.database = database;
    this.steps = new StepJournal(database, instance);
  }

  /** The records of the steps. */
  public StepJournal steps() {
    return steps;
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

  public void failed(String id, String step, String error) {
    steps.failed(id, step, error);
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

  /**
   * Notes that a phase is reached. What was begun in it and not recorded as done, because its
   * instance was killed, the catalog has shown to be done.
   */
  public void reached(String id, @Nullable Phase phase) {
    if (phase != null) {
      steps.close(id, phase);
    }
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

  /** Notes who has to write the old side from now on. */
  public void oldSide(String id, OldSide oldSide) {
    database
        .jdbc()
        .sql("UPDATE migrator.migration SET old_side = ? WHERE id = ?")
        .params(oldSide.name(), id)
        .update();
  }

  /** The retired columns are back, though not up to date; the wish is still to be fulfilled. */
  public void broughtBack(String id) {
    reached(id, Phase.SWITCH_READ);
    database
        .jdbc()
        .sql("UPDATE migrator.migration SET drop_due = NULL WHERE id = ?")
        .param(id)
        .update();
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
                   old_side = 'KEPT',
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

  private static Recorded recorded(ResultSet rs) throws SQLException {
    String phase = rs.getString("phase");
    return new Recorded(
        rs.getString("id"),
        rs.getString("table_name"),
        (phase == null) ? null : Phase.valueOf(phase),
        strings(rs.getArray("definition")),
        ProgressStore.instant(rs, "since"),
        rs.getBoolean("contract_approved"),
        rs.getBoolean("paused"),
        rs.getBoolean("undoing"),
        rs.getBoolean("undone"),
        rs.getString("failure"),
        ProgressStore.instant(rs, "drop_due"),
        rs.getBoolean("completed"),
        OldSide.valueOf(rs.getString("old_side")));
  }

  static List<String> strings(@Nullable Array array) throws SQLException {
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
