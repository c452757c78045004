package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.test.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Readers and writers of the application at a steady rate, on the table that is changed and, in the
 * same way and at the same time, on a twin that nobody changes.
 *
 * <p>What a busy machine adds to a statement hits both tables, and each statement of the engine for
 * which an application's one waits, too. So the longest time on the twin is taken off the longest
 * one on the table for each of them. What is left was made by the engine. The server's own figures
 * would not do: {@code log_lock_waits} begins at {@code deadlock_timeout}, and a sample of {@code
 * pg_locks} misses the end of each wait; neither sees what a statement of the engine costs while it
 * holds its lock.
 */
final class BlockingTraffic implements AutoCloseable {

  private static final long PACE = TimeUnit.MILLISECONDS.toNanos(10);

  /** Row 1 belongs to the one who blocks; the application has no business with it. */
  private static final int FIRST_ROW = 2;

  /**
   * How many the engine sends while it has its lock, about: the lock, what it is for, the record.
   */
  private static final int STATEMENTS = 5;

  private final List<Thread> threads = new ArrayList<>();

  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  private final AtomicLong statements = new AtomicLong();

  private final AtomicLong longest = new AtomicLong();

  private final AtomicLong longestOnTwin = new AtomicLong();

  private volatile boolean stopped;

  BlockingTraffic(TestDatabase database, int rows) {
    for (int i = 0; i < 2; i++) {
      for (String table : List.of("users", "twin")) {
        AtomicLong slowest = table.equals("users") ? longest : longestOnTwin;
        start(database, "SELECT email FROM " + table + " WHERE id = ?", slowest, rows);
        start(database, "UPDATE " + table + " SET email = 'e' WHERE id = ?", slowest, rows);
      }
    }
    // Nothing is measured before the code and the plans are warm.
    awaitMore(2000);
    longest.set(0);
    longestOnTwin.set(0);
  }

  private void start(TestDatabase database, String sql, AtomicLong slowest, int rows) {
    Thread thread = new Thread(() -> run(database, sql, slowest, rows), "application");
    threads.add(thread);
    thread.start();
  }

  private void run(TestDatabase database, String sql, AtomicLong slowest, int rows) {
    try (Connection connection = database.dataSource().getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      while (!stopped) {
        statement.setLong(1, ThreadLocalRandom.current().nextInt(FIRST_ROW, rows + 1));
        long start = System.nanoTime();
        statement.execute();
        long took = System.nanoTime() - start;
        slowest.accumulateAndGet(took, Math::max);
        statements.incrementAndGet();
        LockSupport.parkNanos(PACE);
      }
    } catch (SQLException | RuntimeException ex) {
      failures.add(ex);
    }
  }

  /** Waits until the application has got some further statements through. */
  void awaitMore(int more) {
    long goal = statements.get() + more;
    Fixture.await(
        () -> !failures.isEmpty() || statements.get() >= goal,
        () -> more + " more statements of the application");
    assertThat(failures).isEmpty();
  }

  void assertNobodyWaitedLongerThan(Duration limit) {
    assertThat(failures).as("failed statements of the application").isEmpty();
    Duration waited = Duration.ofNanos(longest.get());
    Duration busy = Duration.ofNanos(longestOnTwin.get());
    assertThat(waited.minus(busy.multipliedBy(STATEMENTS)))
        .as("longest wait, which is %s, on a machine that made the twin wait %s", waited, busy)
        .isLessThanOrEqualTo(limit);
  }

  /** How long somebody had to wait at least because of the engine; shows that it was tried. */
  Duration longest() {
    return Duration.ofNanos(longest.get());
  }

  @Override
  public void close() {
    stopped = true;
    for (Thread thread : threads) {
      try {
        thread.join(TimeUnit.SECONDS.toMillis(30));
      } catch (InterruptedException ex) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
