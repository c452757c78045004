package dev.migrator.internal.engine;

import dev.migrator.internal.Timings;
import dev.migrator.internal.engine.step.DaemonTimers;
import dev.migrator.internal.journal.JournalGuard;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.lease.Lease.Purpose;
import dev.migrator.internal.sql.OutageLog;
import dev.migrator.internal.sql.Outages;
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

  private final JournalGuard guard;

  private final Duration time;

  /**
   * How long an instance that has yielded does not lead, so that the one that asked comes first.
   */
  private final Duration yieldsFor;

  private final ScheduledExecutorService heartbeat;

  private final OutageLog outage;

  private @Nullable ScheduledFuture<?> beating;

  private long yieldsUntil = System.nanoTime();

  private @Nullable Purpose asked;

  Leadership(Lease lease, JournalGuard guard, Duration time, Outages outages, Timings timings) {
    this.lease = lease;
    this.guard = guard;
    this.time = time;
    this.yieldsFor = timings.leading().yieldsFor();
    this.outage = outages.of(logger, "the lease of the leader cannot be renewed");
    this.heartbeat = DaemonTimers.named("migrator-lease");
  }

  synchronized boolean tryLead(Purpose purpose) {
    if (System.nanoTime() - yieldsUntil < 0 || !lease.tryAcquire(purpose)) {
      return false;
    }
    asked = null;
    if (beating == null) {
      requireOwnJournal();
      long period = Math.max(1, time.toMillis() / 3);
      beating =
          heartbeat.scheduleWithFixedDelay(this::renew, period, period, TimeUnit.MILLISECONDS);
    }
    return true;
  }

  /** What the journal holds is run from here on. */
  private void requireOwnJournal() {
    try {
      guard.check();
    } catch (RuntimeException ex) {
      lease.release();
      throw ex;
    }
  }

  /** Asks the leader to yield, because the start of this instance waits for it. */
  synchronized void ask(Purpose purpose) {
    if (asked != purpose) {
      askNoLonger();
    }
    asked = purpose;
    lease.want(purpose);
  }

  /** Whether another start has yielded to this one, which is to be brief for it. */
  boolean isGuest() {
    return lease.isGuest();
  }

  /** Lets another instance lead for a while, if one has asked for it. */
  synchronized boolean yieldIfAsked() {
    if (!lease.isWanted()) {
      return false;
    }
    logger.info("yielding to another instance");
    yieldLead();
    return true;
  }

  /** Lets any other instance lead for a while. */
  synchronized void yieldLead() {
    yieldsUntil = System.nanoTime() + yieldsFor.toNanos();
    leave(lease::yieldToStart);
  }

  synchronized void resign() {
    leave(lease::release);
  }

  private void leave(Runnable way) {
    if (beating != null) {
      beating.cancel(false);
      beating = null;
    }
    try {
      askNoLonger();
      way.run();
    } catch (RuntimeException ex) {
      // The lease ends by itself.
      logger.debug("the lease could not be released", ex);
    }
  }

  private void askNoLonger() {
    if (asked != null) {
      asked = null;
      lease.wantNoLonger();
    }
  }

  void renew() {
    try {
      lease.renew();
      outage.ended();
    } catch (RuntimeException ex) {
      // The next beat, or the check inside of the next step, decides.
      outage.failed(ex);
    }
  }
}
