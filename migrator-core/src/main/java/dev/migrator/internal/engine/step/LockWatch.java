package dev.migrator.internal.engine.step;

import dev.migrator.internal.catalog.HeldLock;
import dev.migrator.internal.catalog.HeldLocks;
import dev.migrator.internal.sql.Database;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks by another connection which locks a transaction holds: while one of its statements runs,
 * nobody else can tell. Where the pool has no second connection it sees nothing, and the
 * transaction does not wait for it.
 */
final class LockWatch {

  private static final Logger logger = LoggerFactory.getLogger(LockWatch.class);

  /** So many times within the hold limit. */
  private static final int LOOKS = 5;

  private final Database database;

  private final HeldLocks locks;

  private final ScheduledExecutorService timer = DaemonTimers.named("migrator-locks");

  LockWatch(Database database) {
    this.database = database;
    this.locks = new HeldLocks(database);
  }

  /**
   * Begins to look.
   *
   * @param session the session that is looked at
   * @param known the tables that the application can use
   * @param cancels whether the statement is cancelled once a lock is held for too long
   */
  Watch over(int session, Set<Long> known, Duration hold, boolean cancels) {
    Watch watch = new Watch(session, known, hold, cancels);
    long every = Math.max(TimeUnit.MILLISECONDS.toNanos(1), hold.toNanos() / LOOKS);
    watch.looks =
        timer.scheduleWithFixedDelay(watch::look, cancels ? 0 : every, every, TimeUnit.NANOSECONDS);
    return watch;
  }

  /** The looks at one transaction. */
  final class Watch implements AutoCloseable {

    private final int session;

    private final Set<Long> known;

    private final Duration hold;

    private final boolean cancels;

    private final CountDownLatch looked = new CountDownLatch(1);

    private volatile @Nullable ScheduledFuture<?> looks;

    private volatile List<HeldLock> seen = List.of();

    private volatile boolean closed;

    private volatile boolean tooLong;

    /** Whether nobody could look in time. */
    private boolean blind;

    private long since;

    Watch(int session, Set<Long> known, Duration hold, boolean cancels) {
      this.session = session;
      this.known = known;
      this.hold = hold;
      this.cancels = cancels;
    }

    /** What was held at the last look that saw something. */
    List<HeldLock> seen() {
      return seen;
    }

    /** Whether a statement was cancelled because of what it held. */
    boolean isTooLong() {
      return tooLong;
    }

    /** Whether there is a connection to look by, which is waited for as long as the hold limit. */
    boolean sees() {
      if (blind) {
        return false;
      }
      try {
        blind = !looked.await(hold.toNanos(), TimeUnit.NANOSECONDS);
        return !blind;
      } catch (InterruptedException ex) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    private void look() {
      if (closed) {
        return;
      }
      try {
        List<HeldLock> found = database.read(() -> locks.of(session, known));
        if (closed) {
          return; // By now the session may be at something else.
        }
        looked.countDown();
        if (found.isEmpty()) {
          since = 0;
          return;
        }
        seen = found;
        long now = System.nanoTime();
        since = (since == 0) ? now : since;
        if (cancels && now - since > hold.toNanos()) {
          tooLong = true;
          database.cancelLongStatement();
        }
      } catch (RuntimeException ex) {
        // No connection: the transaction goes on without being looked at.
        logger.debug("nobody could look which locks are held", ex);
      }
    }

    @Override
    public void close() {
      closed = true;
      ScheduledFuture<?> scheduled = looks;
      if (scheduled != null) {
        scheduled.cancel(false);
      }
    }
  }
}
