package dev.migrator.internal.backfill;

import dev.migrator.internal.backfill.ThrottleStore.Reading;
import dev.migrator.internal.sql.Database;
import dev.migrator.settings.BackfillSettings;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what the server says of its load, and decides for all workers of the fleet. The leader
 * reads while ranges run, or nobody would be seen to wait for them; a worker reads only if no
 * leader does.
 */
final class ServerThrottle {

  private static final Logger logger = LoggerFactory.getLogger(ServerThrottle.class);

  private static final AtomicBoolean saidHidden = new AtomicBoolean();

  private final BackfillSettings settings;

  private final ThrottleStore store;

  ServerThrottle(Database database, BackfillSettings settings) {
    this.settings = settings;
    this.store = new ThrottleStore(database);
  }

  /**
   * To be called in a transaction.
   *
   * @param age how old the last reading has to be
   */
  void look(String migration, Duration age) {
    if (!store.claimReading(migration, age)) {
      return;
    }
    Reading reading = store.read(migration);
    if (reading.hidden() > 0 && saidHidden.compareAndSet(false, true)) {
      logger.warn(
          "{} of {} standbys show nothing of themselves to this role, so that their lag is not seen; to change that, grant pg_monitor to the role of the migrator",
          reading.hidden(),
          reading.standbys());
    }
    store.decide(
        migration,
        Throttle.ofServer(
            settings,
            new Throttle.Readings(
                reading.now(),
                reading.lagSeconds(),
                reading.lagBytes(),
                reading.slotLagBytes(),
                reading.walBytesPerSecond(),
                reading.waitingSessions())));
  }
}
