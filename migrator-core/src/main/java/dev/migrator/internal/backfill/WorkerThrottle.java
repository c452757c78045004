package dev.migrator.internal.backfill;

import dev.migrator.internal.Timings;
import dev.migrator.settings.BackfillSettings;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a worker go on with its next range when nothing throttles it. While it waits it keeps its
 * chunk, and reads its directive about once a second.
 */
final class WorkerThrottle {

  private static final Logger logger = LoggerFactory.getLogger(WorkerThrottle.class);

  private final WorkerContext context;

  private final BackfillSettings settings;

  private final BackfillTask task;

  private final Chunk chunk;

  private final ClaimStore claims;

  private final ServerThrottle server;

  private final Latency latency;

  private final Rate rate;

  private final Timings.Ranges timings;

  private final long look;

  private WorkerDirective directive = new WorkerDirective(true, null, 100, 0, 0);

  private long looked;

  private @Nullable String logged;

  WorkerThrottle(
      WorkerContext context, BackfillTask task, Chunk chunk, Latency latency, Rate rate) {
    this.context = context;
    this.latency = latency;
    this.rate = rate;
    // In time to renew the chunk's lease.
    Duration third = context.settings().leaseTime().dividedBy(3);
    this.timings = context.timings().ranges();
    this.look = Math.min(third.toNanos(), timings.directive().toNanos());
    this.looked = System.nanoTime() - look;
    this.settings = context.settings().backfill();
    this.task = task;
    this.chunk = chunk;
    this.claims = new ClaimStore(context.database());
    this.server = new ServerThrottle(context.database(), settings);
  }

  /**
   * Waits until the next range may begin.
   *
   * @return whether the operator lets the work go on; also if told to end
   */
  boolean admit() {
    String reason = reason();
    while (directive.goesOn() && !context.interruption().isRequested()) {
      if (System.nanoTime() - looked >= look) {
        look((reason != null) ? reason : context.steering().reason());
        reason = reason();
      }
      log(reason);
      long left = (reason == null) ? context.steering().waitNanos(task) : Long.MAX_VALUE;
      if (left <= 0) {
        return directive.goesOn();
      }
      LockSupport.parkNanos(Math.min(timings.slice().toNanos(), left));
      reason = reason();
    }
    return directive.goesOn();
  }

  /**
   * Rests after a range, if need be.
   *
   * @param now what the journal said in the transaction of the range
   */
  void after(WorkerDirective now, int pass, long rows, long nanos) {
    directive = now;
    context.steering().read(task, directive);
    double timesAsLong = latency.timesAsLong(task, pass, rows, nanos);
    String slow = Throttle.ofLatency(settings.throttle(), timesAsLong);
    if (slow != null) {
      log(slow);
    }
    // Half of the time while rows are slow, until they are faster again.
    long least = (slow == null) ? 0 : nanos;
    long start = System.nanoTime();
    while (directive.goesOn() && !context.interruption().isRequested()) {
      // An operator may have set another speed meanwhile.
      long rest = Math.max(least, Throttle.restNanos(nanos, directive.speed()));
      long left = rest - (System.nanoTime() - start);
      if (left <= 0) {
        return;
      }
      if (System.nanoTime() - looked >= look) {
        look((slow != null) ? slow : context.steering().reason());
      }
      LockSupport.parkNanos(Math.min(timings.slice().toNanos(), left));
    }
  }

  private @Nullable String reason() {
    String local = Throttle.ofInstance(settings.throttle(), context.pool().waiting());
    return (directive.throttle() != null) ? directive.throttle() : local;
  }

  private void look(@Nullable String local) {
    Duration lease = context.settings().leaseTime();
    context.steering().writes();
    directive =
        context
            .database()
            .inTransaction(
                () -> {
                  server.look(task.migration(), timings.workerReads());
                  return claims.keep(chunk, local, rate.after(0), lease);
                });
    looked = System.nanoTime();
    context.steering().read(task, directive);
  }

  private void log(@Nullable String reason) {
    // The figures in a reason change all the time; that it begins and ends is what counts.
    if ((reason == null) != (logged == null)) {
      logger.info(
          "{}: chunk {} {}",
          task.migration(),
          chunk.id(),
          (reason == null) ? "goes on" : "waits: " + reason);
    }
    logged = reason;
  }
}
