package dev.migrator.internal.backfill;

import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Interval;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the server says of its load, and what follows from it for a backfill; read about once a
 * second by one worker for all. To be used in transactions.
 */
final class ThrottleStore {

  private final Database database;

  ThrottleStore(Database database) {
    this.database = database;
  }

  /** Whether it is time to read again, and nobody else does. */
  boolean claimReading(String migration, Duration age) {
    return database
            .jdbc()
            .sql(
                """
                UPDATE migrator.backfill SET read_at = clock_timestamp()
                 WHERE migration_id IN (
                   SELECT migration_id FROM migrator.backfill
                    WHERE migration_id = ?
                      -- Not between then and now, or the clock was set back.
                      AND NOT read_at BETWEEN clock_timestamp() - ?::interval AND clock_timestamp()
                      FOR NO KEY UPDATE SKIP LOCKED)
                """)
            .params(migration, Interval.of(age))
            .update()
        == 1;
  }

  /**
   * A reading.
   *
   * @param now the moment
   * @param standbys how many standbys there are
   * @param hidden how many of them show this role nothing
   * @param walBytesPerSecond since the reading before; zero at the first
   */
  record Reading(
      Instant now,
      int standbys,
      int hidden,
      double lagSeconds,
      double lagBytes,
      double slotLagBytes,
      double walBytesPerSecond,
      int waitingSessions) {}

  Reading read(String migration) {
    return database
        .jdbc()
        .sql(
            """
            -- By functions: the views over them join databases and roles, and take longer to plan.
            WITH here AS (
              SELECT CASE WHEN pg_is_in_recovery() THEN NULL ELSE pg_current_wal_lsn() END AS lsn,
                     clock_timestamp() AS now),
            standby AS (
              SELECT count(*) AS standbys,
                     count(*) FILTER (WHERE r.state IS NULL) AS hidden,
                     coalesce(extract(epoch FROM max(r.replay_lag)), 0) AS lag_seconds,
                     coalesce(max(pg_wal_lsn_diff(h.lsn, r.replay_lsn)), 0) AS lag_bytes
                FROM here h, pg_stat_get_wal_senders() r),
            slot AS (
              SELECT coalesce(max(pg_wal_lsn_diff(h.lsn, s.restart_lsn)), 0) AS lag_bytes
                FROM here h, pg_get_replication_slots() s),
            worker AS MATERIALIZED (
              SELECT a.pid, a.datid, a.state, d.oid AS here
                FROM pg_stat_get_activity(NULL) a, pg_database d
               WHERE a.application_name = 'migrator' AND a.datid <> 0 AND d.datname = current_database()),
            ours AS (SELECT array_agg(pid) AS pids FROM worker WHERE datid = here),
            waiting AS (
              SELECT count(DISTINCT l.pid) AS sessions FROM pg_lock_status() l, ours
               WHERE NOT l.granted AND l.pid <> ALL (ours.pids) AND pg_blocking_pids(l.pid) && ours.pids),
            elsewhere AS (
              -- That name is theirs in their transactions only. The state is hidden of other roles.
              SELECT count(*) AS workers FROM worker WHERE datid <> here AND state IS DISTINCT FROM 'idle'),
            before AS (
              UPDATE migrator.backfill b
                 SET wal_lsn = here.lsn, wal_at = here.now,
                     -- Not all of them are met between two commits: forgotten bit by bit.
                     elsewhere = greatest(elsewhere.workers, b.elsewhere * 0.8)
                FROM here, elsewhere, migrator.backfill old
               WHERE b.migration_id = :id AND old.migration_id = :id
              RETURNING old.wal_lsn, old.wal_at)
            SELECT here.now, standby.standbys, standby.hidden, standby.lag_seconds, standby.lag_bytes,
                   slot.lag_bytes AS slot_bytes, waiting.sessions,
                   coalesce(pg_wal_lsn_diff(here.lsn, before.wal_lsn)
                            / greatest(extract(epoch FROM here.now - before.wal_at), 0.1), 0) AS wal_rate
              FROM here, standby, slot, waiting, before
            """)
        .param("id", migration)
        .query(
            (rs, row) ->
                new Reading(
                    rs.getTimestamp("now").toInstant(),
                    rs.getInt("standbys"),
                    rs.getInt("hidden"),
                    rs.getDouble("lag_seconds"),
                    rs.getDouble("lag_bytes"),
                    rs.getDouble("slot_bytes"),
                    rs.getDouble("wal_rate"),
                    rs.getInt("sessions")))
        .single();
  }

  /** Records whether all workers are to wait, and why. */
  void decide(String migration, @Nullable String throttle) {
    database
        .jdbc()
        .sql("UPDATE migrator.backfill SET throttle = :throttle WHERE migration_id = :id")
        .param("throttle", throttle)
        .param("id", migration)
        .update();
  }
}
