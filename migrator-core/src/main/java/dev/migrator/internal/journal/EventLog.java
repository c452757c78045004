package dev.migrator.internal.journal;

import dev.migrator.Phase;
import dev.migrator.internal.json.Json;
import dev.migrator.internal.sql.Database;
import dev.migrator.status.Blocker;
import dev.migrator.status.MigrationEvent;
import dev.migrator.status.MigrationEvent.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened to every migration, append-only. A line is written in the transaction of what it
 * tells, so it is there if and only if that happened.
 */
public final class EventLog {

  /** For how long lines are kept. */
  private static final String RETENTION = "180 days";

  /** How many lines of one migration are shown. */
  private static final int SHOWN = 200;

  private final Database database;

  private final String instance;

  private final String release;

  EventLog(Database database, String instance, String release) {
    this.database = database;
    this.instance = instance;
    this.release = release;
  }

  /** Something that happened to a migration as a whole. */
  public void append(String id, Kind kind, @Nullable Phase phase, @Nullable String detail) {
    database
        .jdbc()
        .sql(
            """
            INSERT INTO migrator.event (instance, release, migration_id, kind, phase, detail)
            VALUES (:instance, :release, :id, :kind, :phase, :detail)
            """)
        .param("instance", instance)
        .param("release", release)
        .param("id", id)
        .param("kind", kind.name())
        .param("phase", (phase == null) ? null : phase.name())
        .param("detail", detail)
        .update();
  }

  /** Something that happened to a step, as its record says at this moment. */
  void appendStep(String id, String step, Kind kind) {
    database
        .jdbc()
        .sql(
            """
            INSERT INTO migrator.event (instance, release, migration_id, kind, phase, step, duration,
                                        detail, blockers)
            SELECT :instance, :release, migration_id, :kind, phase, name,
                   clock_timestamp() - started_at, error, blockers
              FROM migrator.step WHERE migration_id = :id AND name = :step
            """)
        .param("instance", instance)
        .param("release", release)
        .param("id", id)
        .param("kind", kind.name())
        .param("step", step)
        .update();
  }

  /** Drops what is too old. */
  void prune() {
    database
        .jdbc()
        .sql("DELETE FROM migrator.event WHERE at < now() - ?::interval")
        .param(RETENTION)
        .update();
  }

  /** The last lines of a migration, the newest first. */
  public List<MigrationEvent> of(String id) {
    return database
        .jdbc()
        .sql(
            """
            SELECT at, instance, release, kind, phase, step, detail, blockers,
                   (extract(epoch FROM duration) * 1000)::bigint AS millis
              FROM migrator.event WHERE migration_id = ? ORDER BY id DESC LIMIT ?
            """)
        .params(id, SHOWN)
        .query((rs, row) -> event(rs))
        .list();
  }

  private static MigrationEvent event(ResultSet rs) throws SQLException {
    String phase = rs.getString("phase");
    long millis = rs.getLong("millis");
    Duration duration = rs.wasNull() ? null : Duration.ofMillis(millis);
    return new MigrationEvent(
        rs.getTimestamp("at").toInstant(),
        rs.getString("instance"),
        rs.getString("release"),
        Kind.valueOf(rs.getString("kind")),
        (phase == null) ? null : Phase.valueOf(phase),
        rs.getString("step"),
        duration,
        rs.getString("detail"),
        Json.readList(rs.getString("blockers"), Blocker.class));
  }
}
