package dev.migrator.internal.backfill;

import dev.migrator.PoolPressure;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.SqlState;
import java.util.OptionalLong;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the workers of this instance work for so much of the time that commits of others do not take
 * much longer than without them. A thread of its own measures small commits, see {@link
 * CommitLatency}; there is none while nobody else commits, see {@link Traffic}, and none for a
 * table that is done in a moment.
 */
final class CommitSteering {

  private static final Logger logger = LoggerFactory.getLogger(CommitSteering.class);

  /** Of fewer blocks than these, 16 MB, the work takes about a second. */
  private static final long FEWEST_BLOCKS = 2048;

  /** One for the application and one to measure, besides those of the workers. */
  private static final int FEWEST_CONNECTIONS = 2;

  /** Of a rest. It is longer where commits are slow, or they would not be measured there. */
  private static final long LONGEST_SILENCE = TimeUnit.SECONDS.toNanos(3);

  private static final long LOOK = TimeUnit.SECONDS.toNanos(1);

  private static final long TRY_AGAIN = TimeUnit.SECONDS.toNanos(30);

  private static final long USUAL_PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

  /** What is measured slows down others as well, and a rest is long. */
  private static final long PAUSE_AT_REST = TimeUnit.MILLISECONDS.toNanos(100);

  private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(4);

  private static final long LEAST_PAUSE = TimeUnit.MILLISECONDS.toNanos(2);

  private final Database database;

  private final double factor;

  private final PoolPressure pool;

  private final CommitProbe probe;

  private final ClaimStore claims;

  private final ThreadFactory threads;

  private final Bursts bursts = new Bursts();

  private final Traffic traffic = new Traffic();

  private final AtomicLong transactions = new AtomicLong();

  private int workers;

  private int otherWorkers;

  private @Nullable Thread thread;

  private long tryAt = System.nanoTime();

  private volatile double share = 1;

  private volatile @Nullable String reason;

  private boolean logged;

  CommitSteering(Database database, double factor, PoolPressure pool) {
    this(database, factor, pool, CommitSteering::thread);
  }

  CommitSteering(Database database, double factor, PoolPressure pool, ThreadFactory threads) {
    this.threads = threads;
    this.database = database;
    this.factor = factor;
    this.pool = pool;
    this.probe = new CommitProbe(database);
    this.claims = new ClaimStore(database);
  }

  synchronized void workerBegins() {
    workers++;
  }

  synchronized void workerEnds() {
    workers--;
    wake();
  }

  /** A transaction of this instance writes. */
  void writes() {
    transactions.incrementAndGet();
  }

  void rangeBegins() {
    writes();
    bursts.begin(System.nanoTime());
    if (share < 1) {
      wake();
    }
  }

  void rangeEnds() {
    bursts.end(System.nanoTime());
  }

  /** Does something that is no range and may slow down others. */
  void disturb(Runnable work) {
    bursts.disturb();
    try {
      work.run();
    } finally {
      bursts.disturbed(System.nanoTime());
    }
  }

  /** Notes what the server has counted, and begins to measure if others commit. */
  synchronized void read(BackfillTask task, WorkerDirective directive) {
    long now = System.nanoTime();
    traffic.reading(
        directive.transactions(), transactions.get(), now, otherWorkers + directive.elsewhere());
    if (traffic.busy()
        && thread == null
        && workers > 0
        && factor > 0
        && now - tryAt >= 0
        && isLong(task)
        && pool.connections() >= workers + FEWEST_CONNECTIONS) {
      begin(task.migration());
    }
  }

  /** Nobody may wait for a thread that never began. */
  private void begin(String migration) {
    Thread begun = threads.newThread(() -> run(migration));
    try {
      begun.start();
    } catch (OutOfMemoryError ex) {
      giveUp(migration, "there was no thread for it");
      return;
    }
    thread = begun;
    share = 0;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "migrator-commit-probe");
    thread.setDaemon(true);
    return thread;
  }

  /** How long until a range may begin; zero for now. */
  long waitNanos(BackfillTask task) {
    return isLong(task) ? bursts.waitNanos(System.nanoTime(), share) : 0;
  }

  /** Whether ranges run for a part of the time only. */
  boolean slows() {
    return share < 1;
  }

  /** Why ranges run for a part of the time; {@code null} if they run for nearly all. */
  @Nullable String reason() {
    return reason;
  }

  /**
   * Waits until nothing is measured any longer, as nothing is when there are no workers.
   *
   * @return whether this thread was interrupted meanwhile
   */
  boolean awaitEnd() {
    Thread running;
    synchronized (this) {
      running = thread;
    }
    boolean interrupted = false;
    while (running != null && running.isAlive()) {
      try {
        running.join();
      } catch (InterruptedException ex) {
        interrupted = true;
      }
    }
    return interrupted;
  }

  private static boolean isLong(BackfillTask task) {
    return task.blocks() >= FEWEST_BLOCKS;
  }

  private synchronized void wake() {
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }

  private void run(String migration) {
    try {
      if (!measure(migration)) {
        giveUp(migration, "there was no connection for it, or nothing to commit");
      }
    } catch (RuntimeException | Error ex) {
      giveUp(migration, SqlState.describe(ex));
    } finally {
      synchronized (this) {
        thread = null;
        share = 1;
        reason = null;
      }
    }
  }

  private synchronized void giveUp(String migration, String why) {
    tryAt = System.nanoTime() + TRY_AGAIN;
    logger.info(
        "{}: what commits take could not be measured, so that the backfill does not spare them (commit-latency-factor): {}",
        migration,
        why);
  }

  /** Returns whether there was something to measure. */
  private boolean measure(String migration) {
    CommitLatency latency = new CommitLatency(factor);
    long quietSince = System.nanoTime();
    long looked = quietSince - LOOK;
    while (goesOn()) {
      long now = System.nanoTime();
      if (now - looked >= LOOK) {
        looked = now;
        lookForOthers(migration);
        log(migration);
      }
      boolean rested = pool.waiting() == 0 && sample(migration, latency);
      if (rested || !latency.wantsRest()) {
        quietSince = now;
      } else if (now - quietSince > LONGEST_SILENCE) {
        if (!latency.measured()) {
          return false;
        }
        latency.enough();
      }
      double others = others();
      share = latency.wantsRest() ? 0 : latency.share(others);
      reason = latency.wantsRest() ? reason : latency.reason();
      if (goesOn()) { // Somebody may have woken it from a wait of the pool's.
        LockSupport.parkNanos((long) (pause() * (1 + others)));
      }
    }
    return true;
  }

  private synchronized boolean goesOn() {
    return workers > 0 && traffic.busy();
  }

  private void lookForOthers(String migration) {
    int all = database.inTransaction(() -> claims.workers(migration));
    synchronized (this) {
      otherWorkers = Math.max(0, all - workers);
    }
  }

  private synchronized double others() {
    return (double) otherWorkers / Math.max(1, workers);
  }

  /** Returns whether a commit was measured while no range ran. */
  private boolean sample(String migration, CommitLatency latency) {
    Bursts.Moment begin = bursts.moment(System.nanoTime());
    writes();
    OptionalLong took = probe.nanos(migration);
    Bursts.Moment end = bursts.moment(System.nanoTime());
    if (took.isEmpty()) {
      return false;
    }
    if (begin.restsUntil(end)) {
      latency.atRest(took.getAsLong());
      return true;
    }
    if (begin.besideRange(end)) {
      latency.beside(took.getAsLong());
    }
    return false;
  }

  private long pause() {
    long now = System.nanoTime();
    double current = share;
    if (current == 0) {
      return FIRST_PAUSE;
    }
    if (bursts.moment(now).works()) {
      return Math.max(LEAST_PAUSE, (long) (USUAL_PAUSE * current));
    }
    // The workers wait for something else.
    return (bursts.idleNanos(now, current) > LOOK) ? LOOK : PAUSE_AT_REST;
  }

  private void log(String migration) {
    String now = reason;
    if ((now != null) != logged) {
      logger.info("{}: {}", migration, (now == null) ? "works all of the time" : now);
      logged = now != null;
    }
  }
}
