package dev.migrator.internal.backfill;

import dev.migrator.internal.Timings;
import dev.migrator.settings.BackfillSettings;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a worker go on with its next range when nothing speaks against it. While it waits it keeps
 * its chunk, and looks into the journal about once a second.
 */
final class WorkerThrottle {

  private static final Logger logger = LoggerFactory.getLogger(WorkerThrottle.class);

  private final WorkerContext tools;

  private final BackfillSettings settings;

  private final BackfillTask work;

  private final Chunk chunk;

  private final ChunkStore chunks;

  private final ServerThrottle server;

  private final Latency latency;

  private final Rate rate;

  private final Timings.Ranges timings;

  private final long look;

  private WorkerDirective standing = new WorkerDirective(true, null, 100);

  private long looked;

  private @Nullable String said;

  WorkerThrottle(WorkerContext tools, BackfillTask work, Chunk chunk, Latency latency, Rate rate) {
    this.tools = tools;
    this.latency = latency;
    this.rate = rate;
    // In time to put the chunk's lease off.
    Duration third = tools.settings().leaseTime().dividedBy(3);
    this.timings = tools.timings().ranges();
    this.look = Math.min(third.toNanos(), timings.directive().toNanos());
    this.looked = System.nanoTime() - look;
    this.settings = tools.settings().backfill();
    this.work = work;
    this.chunk = chunk;
    this.chunks = new ChunkStore(tools.database());
    this.server = new ServerThrottle(tools.database(), settings);
  }

  /**
   * Waits until the next range may begin.
   *
   * @return whether the operator lets the work go on; also if told to end
   */
  boolean admit() {
    String reason = reason();
    while (standing.goesOn() && !tools.interruption().isRequested()) {
      if (System.nanoTime() - looked >= look) {
        look(reason);
        reason = reason();
      }
      say(reason);
      if (reason == null) {
        return standing.goesOn();
      }
      LockSupport.parkNanos(timings.slice().toNanos());
      reason = reason();
    }
    return standing.goesOn();
  }

  /**
   * Takes a rest after a range, if need be.
   *
   * @param now what the journal said in the transaction of the range
   */
  void after(WorkerDirective now, int pass, long rows, long nanos) {
    standing = now;
    double timesAsLong = latency.timesAsLong(work, pass, rows, nanos);
    String slow = Throttle.ofLatency(settings.throttle(), timesAsLong);
    if (slow != null) {
      say(slow);
    }
    // Half of the time while rows are slow, until they are faster again.
    long least = (slow == null) ? 0 : nanos;
    long start = System.nanoTime();
    while (standing.goesOn() && !tools.interruption().isRequested()) {
      // An operator may have said another speed meanwhile.
      long rest = Math.max(least, Throttle.restNanos(nanos, standing.speed()));
      long left = rest - (System.nanoTime() - start);
      if (left <= 0) {
        return;
      }
      if (System.nanoTime() - looked >= look) {
        look(slow);
      }
      LockSupport.parkNanos(Math.min(timings.slice().toNanos(), left));
    }
  }

  private @Nullable String reason() {
    String local = Throttle.ofInstance(settings.throttle(), tools.pool().waiting());
    return (standing.throttle() != null) ? standing.throttle() : local;
  }

  private void look(@Nullable String local) {
    Duration lease = tools.settings().leaseTime();
    standing =
        tools
            .database()
            .inTransaction(
                () -> {
                  server.look(work.migration(), timings.workerReads());
                  return chunks.keep(chunk, local, rate.after(0), lease);
                });
    looked = System.nanoTime();
  }

  private void say(@Nullable String reason) {
    // The figures in a reason change all the time; that it begins and ends is what counts.
    if ((reason == null) != (said == null)) {
      logger.info(
          "{}: chunk {} {}",
          work.migration(),
          chunk.id(),
          (reason == null) ? "goes on" : "waits: " + reason);
    }
    said = reason;
  }
}
