package dev.migrator.run;

import dev.migrator.journal.Lease;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lease, kept alive while this instance works. */
final class Leadership {

  private static final Logger logger = LoggerFactory.getLogger(Leadership.class);

  private final Lease lease;

  private final Duration time;

  private final ScheduledExecutorService heartbeat;

  private @Nullable ScheduledFuture<?> beating;

  Leadership(Lease lease, Duration time) {
    this.lease = lease;
    this.time = time;
    this.heartbeat = DaemonTimer.named("migrator-lease");
  }

  synchronized boolean tryLead() {
    if (!lease.tryAcquire()) {
      return false;
    }
    if (beating == null) {
      long period = Math.max(1, time.toMillis() / 3);
      beating =
          heartbeat.scheduleWithFixedDelay(this::renew, period, period, TimeUnit.MILLISECONDS);
    }
    return true;
  }

  synchronized void resign() {
    if (beating != null) {
      beating.cancel(false);
      beating = null;
    }
    try {
      lease.release();
    } catch (RuntimeException ex) {
      // The lease ends by itself.
      logger.debug("the lease could not be given back", ex);
    }
  }

  private void renew() {
    try {
      lease.renew();
    } catch (RuntimeException ex) {
      // The next beat, or the check inside of the next step, decides.
      logger.warn("the lease could not be renewed: {}", ex.getMessage());
    }
  }
}
