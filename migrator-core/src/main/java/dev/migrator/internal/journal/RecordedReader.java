package dev.migrator.internal.journal;

import dev.migrator.Phase;
import dev.migrator.internal.json.Json;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.plan.Fleet;
import dev.migrator.internal.plan.OldSide;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.sql.Columns;
import dev.migrator.internal.sql.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what is recorded of the migrations themselves. */
final class RecordedReader {

  private static final String COLUMNS =
      """
      SELECT id, table_name, phase, begun, operations, since, contract_approved, paused, undoing, undone,
             failure, drop_due, completed, old_side, now() AS now""";

  private static final String FROM = " FROM migrator.migration";

  private static final String RECORDED = COLUMNS + FROM;

  private static final String ASKED_FOR_OR_OPEN =
      " WHERE id = ANY (:ids) OR undoing OR NOT settled";

  private static final String CONTRACTED = " OR phase = 'CONTRACT'";

  private static final String FILES =
      """
       OR operations @> '[{"definition": {"EXPAND": {"operation": "file"}}}]'
      """;

  private static final String IN_ORDER = " ORDER BY created_at, id";

  private final Database database;

  RecordedReader(Database database) {
    this.database = database;
  }

  /**
   * The records of the migrations asked for, and of all that wait for somebody to act, hold others
   * (see {@link Recorded#isUnsettled}) or are contracted, in the order in which they were begun.
   */
  Snapshot snapshot(Collection<String> ids) {
    return snapshot(RECORDED + ASKED_FOR_OR_OPEN + CONTRACTED + IN_ORDER, ids);
  }

  /**
   * The same, with all SQL files that have run.
   *
   * @param same whose operations need not be read
   */
  Snapshot snapshotWithFiles(Collection<String> ids, SameAsDeclared same) {
    return snapshot(
        COLUMNS + ", same_as" + FROM + ASKED_FOR_OR_OPEN + CONTRACTED + FILES + IN_ORDER,
        ids,
        rs ->
            same.operations(
                rs.getString("id"),
                phase(rs, "begun"),
                rs.getString("operations"),
                rs.getString("same_as")));
  }

  /**
   * A snapshot brought up to date for some migrations: with their records, and with those that are
   * open. All others change only when a leader takes them forward, who asks for them himself.
   */
  Snapshot refreshed(Snapshot known, Collection<String> some) {
    Set<String> ids = new HashSet<>(some);
    known.records().values().stream().filter(Recorded::isOpen).map(Recorded::id).forEach(ids::add);
    return known.refreshed(snapshot(RECORDED + ASKED_FOR_OR_OPEN + IN_ORDER, ids));
  }

  /** The record of one migration alone. */
  Snapshot only(String id) {
    return snapshot(RECORDED + " WHERE id = ANY (:ids)", List.of(id));
  }

  /** All records. */
  Snapshot all() {
    return snapshot(RECORDED + IN_ORDER, List.of());
  }

  private Snapshot snapshot(String sql, Collection<String> ids) {
    return snapshot(
        sql, ids, rs -> Json.readList(rs.getString("operations"), OperationFacts.class));
  }

  private Snapshot snapshot(String sql, Collection<String> ids, Operations operations) {
    Map<String, Recorded> records = new LinkedHashMap<>();
    Instant[] now = {Instant.now()};
    database
        .jdbc()
        .sql(sql)
        .param("ids", ids.toArray(new String[0]))
        .query(
            (rs, row) -> {
              now[0] = rs.getTimestamp("now").toInstant();
              return recorded(rs, operations.of(rs));
            })
        .list()
        .forEach(it -> records.put(it.id(), it));
    return new Snapshot(records, now[0], Fleet.EMPTY);
  }

  private static Recorded recorded(ResultSet rs, List<OperationFacts> operations)
      throws SQLException {
    return new Recorded(
        rs.getString("id"),
        rs.getString("table_name"),
        phase(rs, "phase"),
        phase(rs, "begun"),
        operations,
        Columns.instant(rs, "since"),
        rs.getBoolean("contract_approved"),
        rs.getBoolean("paused"),
        rs.getBoolean("undoing"),
        rs.getBoolean("undone"),
        rs.getString("failure"),
        Columns.instant(rs, "drop_due"),
        rs.getBoolean("completed"),
        OldSide.valueOf(rs.getString("old_side")));
  }

  /** What was declared, as a row has it. */
  private interface Operations {

    List<OperationFacts> of(ResultSet rs) throws SQLException;
  }

  private static @Nullable Phase phase(ResultSet rs, String column) throws SQLException {
    String name = rs.getString(column);
    return (name == null) ? null : Phase.valueOf(name);
  }
}
