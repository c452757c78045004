package dev.migrator.internal.engine.step;

import dev.migrator.internal.Timings;
import dev.migrator.internal.catalog.Blockers;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.sql.Database;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches over statements that may wait for long: looks by another connection who they wait for,
 * and ends them at the deadline. The look has a thread of its own. Where the pool has no second
 * connection for it, it waits there, and neither the statement nor the deadline waits for it.
 */
public final class LongStatementMonitor {

  private static final Logger logger = LoggerFactory.getLogger(LongStatementMonitor.class);

  private final Database database;

  private final Lease lease;

  private final Journal journal;

  private final Deadline deadline;

  private final Timings timings;

  private final Blockers blockers;

  private final ScheduledExecutorService looks = DaemonTimers.named("migrator-watch");

  private final ScheduledExecutorService ends = DaemonTimers.named("migrator-deadline");

  LongStatementMonitor(
      Database database, Lease lease, Journal journal, Deadline deadline, Timings timings) {
    this.database = database;
    this.lease = lease;
    this.journal = journal;
    this.deadline = deadline;
    this.timings = timings;
    this.blockers = new Blockers(database);
  }

  /** Does a step's work, which runs its long statements by the {@link Database}. */
  <T> T over(String id, String step, Supplier<T> work) {
    BlockerReporter obstacle =
        new BlockerReporter(
            database,
            lease,
            journal,
            id,
            step,
            () -> database.longStatement().map(blockers::ofStatement).orElse(List.of()));
    long every = timings.steps().monitor().toNanos();
    ScheduledFuture<?> look =
        looks.scheduleWithFixedDelay(
            () -> lookUnlessOver(obstacle), every, every, TimeUnit.NANOSECONDS);
    AtomicBoolean looked = new AtomicBoolean();
    @Nullable ScheduledFuture<?> end =
        deadline.isSet()
            ? ends.scheduleWithFixedDelay(
                () -> {
                  if (looked.compareAndSet(false, true)) {
                    lastLook(obstacle);
                  }
                  database.cancelLongStatement();
                },
                Math.max(0, deadline.nanosLeft()),
                timings.steps().cancelAgain().toNanos(),
                TimeUnit.NANOSECONDS)
            : null;
    try {
      return work.get();
    } finally {
      // A look that is under way notes nothing for a step that is done: the journal sees to that.
      look.cancel(false);
      if (end != null) {
        end.cancel(false);
      }
    }
  }

  /**
   * Whoever gives up says whom it waited for. The statement is cancelled behind this, and looks
   * that would find it gone are not taken.
   */
  private void lastLook(BlockerReporter obstacle) {
    Future<?> last = looks.submit(() -> look(obstacle));
    try {
      last.get(timings.limits().lastLook().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException ex) {
      last.cancel(false); // there is no connection for it
    } catch (InterruptedException ex) {
      Thread.currentThread().interrupt();
    }
  }

  private void lookUnlessOver(BlockerReporter obstacle) {
    if (!deadline.isOver()) {
      look(obstacle);
    }
  }

  private static void look(BlockerReporter obstacle) {
    try {
      obstacle.met();
    } catch (RuntimeException ex) {
      // No connection, or no lease any longer: the work itself finds out what that means.
      logger.debug("nobody could look who is waited for", ex);
    }
  }
}
