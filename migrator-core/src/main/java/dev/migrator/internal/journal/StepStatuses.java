package dev.migrator.internal.journal;

import dev.migrator.Phase;
import dev.migrator.internal.json.Json;
import dev.migrator.internal.sql.Columns;
import dev.migrator.internal.sql.Database;
import dev.migrator.status.Blocker;
import dev.migrator.status.StepStatus;
import dev.migrator.status.StepStatus.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The records of the steps for people.
 *
 * @param database where the journal is
 */
public record StepStatuses(Database database) {

  /** The steps of one migration, in the order of the work. */
  public List<StepStatus> of(String id) {
    return read("WHERE s.migration_id = ?", List.of(id)).getOrDefault(id, List.of());
  }

  /** The same of all migrations, by their ids. */
  public Map<String, List<StepStatus>> all() {
    return read("", List.of());
  }

  private Map<String, List<StepStatus>> read(String which, List<String> params) {
    List<Of> found =
        database
            .jdbc()
            .sql(
                """
                SELECT s.migration_id, s.name, s.phase, s.state, s.attempts, s.instance, s.started_at, s.error,
                       (extract(epoch FROM s.finished_at - s.started_at) * 1000)::bigint AS millis, s.blockers
                  FROM migrator.step s %s ORDER BY %s, s.position
                """
                    .formatted(which, StepJournal.PHASE_ORDER))
            .params(params)
            .query((rs, row) -> new Of(rs.getString("migration_id"), status(rs)))
            .list();
    boolean running = found.stream().anyMatch(it -> it.status.state() == State.RUNNING);
    List<Locker> lockers = running ? lockers() : List.of();
    Map<String, List<StepStatus>> all = new HashMap<>();
    found.forEach(
        it -> all.computeIfAbsent(it.migration, id -> new ArrayList<>()).add(it.behind(lockers)));
    return all;
  }

  private static StepStatus status(ResultSet rs) throws SQLException {
    long millis = rs.getLong("millis");
    Duration duration = rs.wasNull() ? null : Duration.ofMillis(millis);
    return new StepStatus(
        rs.getString("name"),
        Phase.valueOf(rs.getString("phase")),
        State.valueOf(rs.getString("state")),
        rs.getInt("attempts"),
        rs.getString("instance"),
        Columns.instant(rs, "started_at"),
        duration,
        rs.getString("error"),
        Json.readList(rs.getString("blockers"), Blocker.class));
  }

  /** What the instances that build indexes could not look up themselves: whom they wait for. */
  private List<Locker> lockers() {
    return database
        .jdbc()
        .sql(
            """
            -- First, as a table of another migration may not be ours to look up any longer.
            WITH running AS MATERIALIZED (
              SELECT id, nullif(table_name, '') AS name FROM migrator.migration
               WHERE id IN (SELECT migration_id FROM migrator.step WHERE state = 'RUNNING'))
            SELECT m.id, a.pid, coalesce(a.application_name, '') AS application, a.state, a.xact_start, a.query_start
              FROM pg_stat_progress_create_index p
              JOIN pg_stat_activity a ON a.pid = p.current_locker_pid
              JOIN running m ON to_regclass(m.name) = p.relid
             WHERE p.datname = current_database()
            """)
        .query((rs, row) -> new Locker(rs.getString("id"), blocker(rs)))
        .list();
  }

  private static Blocker blocker(ResultSet rs) throws SQLException {
    return new Blocker(
        rs.getInt("pid"),
        rs.getString("application"),
        rs.getString("state"),
        Columns.instant(rs, "xact_start"),
        Columns.instant(rs, "query_start"));
  }

  /**
   * Who is in the way of an index.
   *
   * @param migration a migration of its table
   */
  private record Locker(String migration, Blocker blocker) {}

  /** A step, and whose it is. */
  private record Of(String migration, StepStatus status) {

    StepStatus behind(List<Locker> lockers) {
      return status.state() == State.RUNNING ? with(blockers(lockers)) : status;
    }

    private List<Blocker> blockers(List<Locker> lockers) {
      Stream<Blocker> others =
          lockers.stream()
              .filter(it -> it.migration.equals(migration))
              .map(Locker::blocker)
              .filter(it -> status.blockers().stream().noneMatch(known -> known.pid() == it.pid()));
      return Stream.concat(status.blockers().stream(), others).toList();
    }

    private StepStatus with(List<Blocker> blockers) {
      return new StepStatus(
          status.name(),
          status.phase(),
          status.state(),
          status.attempts(),
          status.instance(),
          status.startedAt(),
          status.duration(),
          status.error(),
          blockers);
    }
  }
}
