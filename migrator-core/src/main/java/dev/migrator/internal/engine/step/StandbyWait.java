package dev.migrator.internal.engine.step;

import dev.migrator.error.ErrorCode;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.WalPosition;
import java.time.Duration;
import java.util.List;

/**
 * Waits until the standbys have what reads are to switch to. What they replay behind that has both
 * sides of every row, as the triggers write them together.
 *
 * <p>A client that only receives the log, a backup and a logical subscriber replay nothing; they
 * are not waited for. The first two say what they have written, and never what they have replayed;
 * a standby that has just connected has said nothing at all.
 */
final class StandbyWait {

  private final ExecutionContext context;

  private final Duration limit;

  private final Duration lookAgain;

  StandbyWait(ExecutionContext context, Duration limit, Duration lookAgain) {
    this.context = context;
    this.limit = limit;
    this.lookAgain = lookAgain;
  }

  /**
   * Waits for all that is committed now.
   *
   * @return whether they have it; not if told to end or to yield
   * @throws VerificationFailed if one does not have it within the limit
   */
  boolean replayed() {
    if (limit.isZero()) {
      return true;
    }
    String position = WalPosition.now(context.database());
    long giveUp = System.nanoTime() + limit.toNanos();
    while (true) {
      List<String> behind = behind(position);
      if (behind.isEmpty()) {
        return true;
      }
      if (context.isToYield()) {
        return false;
      }
      if (System.nanoTime() - giveUp > 0) {
        throw new VerificationFailed(
            ErrorCode.STANDBY_BEHIND,
            "standbys have not replayed the verification within %s, and whoever reads there would not see the new side: %s; wait until they have caught up, or set migrator.standby-limit=0s if nobody reads there"
                .formatted(limit, String.join("; ", behind)));
      }
      context.signal().pause(lookAgain);
    }
  }

  private List<String> behind(String position) {
    Database database = context.database();
    return database.inTransaction(
        () -> {
          context.lease().check();
          return database
              .jdbc()
              .sql(
                  """
                  SELECT format('"%s" at %s, %s', r.application_name, coalesce(host(r.client_addr), 'the server itself'),
                                coalesce(pg_size_pretty(pg_wal_lsn_diff(:position::pg_lsn, r.replay_lsn)) || ' behind',
                                         'which has not said yet what it has'))
                    FROM pg_catalog.pg_stat_replication r
                   WHERE r.state IN ('streaming', 'catchup')
                     AND (r.replay_lsn < :position::pg_lsn OR r.replay_lsn IS NULL AND r.write_lsn IS NULL)
                     AND NOT EXISTS (SELECT FROM pg_catalog.pg_replication_slots s
                                      WHERE s.active_pid = r.pid AND s.slot_type = 'logical')
                   ORDER BY 1
                  """)
              .param("position", position)
              .query(String.class)
              .list();
        });
  }
}
