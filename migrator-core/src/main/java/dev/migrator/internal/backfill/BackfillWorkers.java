package dev.migrator.internal.backfill;

import dev.migrator.PoolPressure;
import dev.migrator.internal.Timings;
import dev.migrator.internal.journal.JournalGuard;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.settings.MigratorSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers of this instance: threads that claim chunks of whatever is open, and end when there
 * is none. None of them holds a connection between two ranges, so a pool of one will do.
 */
public final class BackfillWorkers {

  private static final Logger logger = LoggerFactory.getLogger(BackfillWorkers.class);

  private final Database database;

  private final JournalGuard guard;

  private final ChunkStore chunks;

  private final ClaimStore claims;

  private final ProgressStore progress;

  private final Vacuum vacuum;

  private final ServerThrottle server;

  private final MigratorSettings settings;

  private final String instance;

  private final Timings timings;

  private final WorkerContext context;

  private final CommitSteering steering;

  private final List<Thread> threads = new ArrayList<>();

  private int started;

  private volatile boolean stopping;

  private final BlockedWorkers blocked = new BlockedWorkers();

  private @Nullable RuntimeException failure;

  /** The migration of which this instance leads the work. */
  private volatile @Nullable String leading;

  public BackfillWorkers(
      Database database,
      JournalGuard guard,
      MigratorSettings settings,
      PoolPressure pool,
      String instance,
      Timings timings) {
    this.database = database;
    this.guard = guard;
    this.chunks = new ChunkStore(database);
    this.claims = new ClaimStore(database);
    this.progress = new ProgressStore(database);
    this.vacuum = new Vacuum(database);
    this.server = new ServerThrottle(database, settings.backfill());
    this.settings = settings;
    this.instance = instance;
    this.timings = timings;
    this.steering =
        new CommitSteering(database, settings.backfill().throttle().commitLatencyFactor(), pool);
    this.context =
        new WorkerContext(database, settings, timings, pool, () -> stopping, blocked, steering);
  }

  Timings timings() {
    return timings;
  }

  /** Works on what another instance leads. Returns at once. */
  public void help() {
    int workers = settings.backfill().workers();
    if (workers > 0 && !database.inTransaction(claims::openTasks).isEmpty()) {
      RuntimeException failed = takeFailure();
      if (failed == null) {
        startThreads(workers);
      } else {
        // Whoever leads meets the same, and records it.
        logger.warn("helping with a backfill failed: {}", SqlState.describe(failed));
      }
    }
  }

  /**
   * Works as the leader until all chunks of a migration are done, by whichever instance.
   *
   * @return whether they are; not if told to end, if an operator holds the migration, or if there
   *     is no record of it any longer
   */
  boolean finish(String migration, RangeWork work) {
    takeFailure();
    leading = migration;
    long logged = System.nanoTime();
    ReleasedRows released = new ReleasedRows(database, migration);
    try {
      while (!work.interruption().isRequested()) {
        steering.writes();
        ChunkStore.State state =
            database.inTransaction(
                () -> {
                  work.lease().check();
                  server.look(migration, timings.ranges().leaderReads());
                  return state(migration, released);
                });
        if (state.unfinished() == 0) {
          return state.recorded();
        }
        boolean met = blocked.metSinceLastLook();
        if (met || state.putOff() > 0) {
          work.contention().met();
        } else {
          work.contention().over();
        }
        if (!state.goesOn()) {
          return false;
        }
        if (state.free() > 0) {
          startThreads(Math.max(1, settings.backfill().workers()));
        }
        if (System.nanoTime() - logged > timings.ranges().log().toNanos()) {
          logged = System.nanoTime();
          log(migration);
        }
        awaitChange();
        RuntimeException failed = takeFailure();
        if (failed != null) {
          throw failed;
        }
      }
      return false;
    } finally {
      leading = null;
      dismiss();
    }
  }

  private ChunkStore.State state(String migration, ReleasedRows released) {
    ChunkStore.State state = chunks.state(migration);
    return state.later() > 0 && released.look(System.nanoTime()) ? chunks.state(migration) : state;
  }

  /** Whether there are hours in which nothing is done. */
  boolean worksByTheClock() {
    return !settings.backfill().windows().isEmpty();
  }

  /** Lets every worker finish its range, and returns when the last one has ended. */
  public void dismiss() {
    stopping = true;
    List<Thread> ending;
    synchronized (this) {
      ending = List.copyOf(threads);
    }
    boolean interrupted = false;
    for (Thread thread : ending) {
      while (thread.isAlive()) {
        try {
          thread.join(timings.ranges().cancelAgain().toMillis());
          if (thread.isAlive()) {
            database.cancelLongStatement(); // a vacuum, if it runs one
          }
        } catch (InterruptedException ex) {
          interrupted = true;
        }
      }
    }
    interrupted |= steering.awaitEnd();
    synchronized (this) {
      threads.removeAll(ending);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void startThreads(int most) {
    stopping = false;
    threads.removeIf(it -> !it.isAlive());
    while (threads.size() < most) {
      String name = "migrator-backfill-" + ++started;
      Thread thread = new Thread(() -> work(name), name);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  private void work(String name) {
    steering.workerBegins();
    try {
      RangeSize size = new RangeSize(settings.backfill().rangeTarget());
      Latency latency = new Latency();
      while (!stopping && claimOne(instance + " " + name, size, latency)) {
        // the next one
      }
    } catch (RuntimeException | Error ex) {
      // An error, too, has to end the step, or its chunk would be claimed again and again.
      synchronized (this) {
        if (failure == null) {
          failure =
              (ex instanceof RuntimeException known)
                  ? known
                  : new IllegalStateException("a worker of a backfill failed", ex);
        }
      }
    } finally {
      steering.workerEnds();
      synchronized (this) {
        threads.remove(Thread.currentThread());
        notifyAll();
      }
    }
  }

  /** Returns whether there was a chunk to claim. */
  private boolean claimOne(String worker, RangeSize size, Latency latency) {
    guard.check(); // The SQL of a chunk is in the journal.
    for (BackfillTask task : database.inTransaction(claims::openTasks)) {
      if (!task.sealed()) {
        // Whoever leads makes it himself, or finds out here.
        if (task.migration().equals(leading)) {
          throw new UnsealedRangesException(task.migration());
        }
        continue;
      }
      steering.writes();
      Optional<Chunk> claimed =
          database.inTransaction(
              () ->
                  claims.claim(
                      task.migration(),
                      worker,
                      settings.leaseTime(),
                      settings.backfill().fleetWorkers()));
      if (claimed.isPresent()) {
        work(task, claimed.get(), size, latency);
        return true;
      }
    }
    return false;
  }

  private void work(BackfillTask task, Chunk chunk, RangeSize size, Latency latency) {
    boolean done = false;
    try {
      done = new ChunkWorker(context, task, chunk, size, latency).run();
      if (done && !stopping) {
        steering.disturb(() -> vacuum.behind(task, chunk));
      }
    } catch (ChunkLostException ex) {
      logger.debug("{}: {}", task.migration(), ex.getMessage());
      done = true;
    } finally {
      if (!done) {
        release(chunk);
      }
    }
  }

  private void release(Chunk chunk) {
    try {
      database.inTransaction(() -> claims.release(chunk));
    } catch (RuntimeException ex) {
      // The lease of the chunk ends by itself.
      logger.debug("chunk {} could not be released", chunk.id(), ex);
    }
  }

  private synchronized void awaitChange() {
    if (threads.isEmpty() && failure != null) {
      return;
    }
    try {
      wait(timings.ranges().lookAgain().toMillis());
    } catch (InterruptedException ex) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized @Nullable RuntimeException takeFailure() {
    RuntimeException taken = failure;
    failure = null;
    return taken;
  }

  private void log(String migration) {
    Progress now = database.inTransaction(() -> progress.read(migration).orElseThrow());
    Duration eta = now.eta();
    logger.info(
        "{}: {} at {} of {} blocks, {} %, {} rows/s by {} workers{}{}{}",
        migration,
        now.work() == BackfillTask.Kind.VERIFY ? "verification" : "backfill",
        now.blocks() - now.blocksLeft(),
        now.blocks(),
        Math.round(now.share() * 100),
        Math.round(now.rate()),
        now.workers().size(),
        eta == null ? "" : ", " + eta.toSeconds() + " s left",
        now.blocksPutOff() == 0
            ? ""
            : ", " + now.blocksPutOff() + " blocks wait for rows that are locked",
        now.throttle() == null ? "" : ", throttled: " + now.throttle());
  }
}
