package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;

/** Clients of one release, each with a thread and a connection, at a steady rate. */
final class TwoWriterCrowd {

  private static final int CLIENTS = 2;

  /** Together about 200 statements a second. */
  private static final long PACE = TimeUnit.MILLISECONDS.toNanos(10);

  private final String name;

  private final Queue<Throwable> failures;

  private final List<Thread> threads = new ArrayList<>();

  private final AtomicLong statements = new AtomicLong();

  private volatile boolean stopped;

  private TwoWriterCrowd(String name, Queue<Throwable> failures) {
    this.name = name;
    this.failures = failures;
  }

  static TwoWriterCrowd start(
      DataSource dataSource,
      TwoWriterLedger ledger,
      FaultChange change,
      boolean old,
      BooleanSupplier mayRead) {
    TwoWriterCrowd crowd = new TwoWriterCrowd(old ? "old" : "new", new ConcurrentLinkedQueue<>());
    for (int i = 0; i < CLIENTS; i++) {
      int seed = (old ? 100 : 200) + i;
      Thread thread =
          new Thread(
              () -> crowd.run(dataSource, ledger, change, old, mayRead, seed),
              crowd.name + "-client-" + i);
      crowd.threads.add(thread);
      thread.start();
    }
    return crowd;
  }

  private void run(
      DataSource dataSource,
      TwoWriterLedger ledger,
      FaultChange change,
      boolean old,
      BooleanSupplier mayRead,
      int seed) {
    try (Connection connection = dataSource.getConnection()) {
      TwoWriterClient client = new TwoWriterClient(connection, ledger, change, old, mayRead, seed);
      while (!stopped) {
        client.next();
        statements.incrementAndGet();
        LockSupport.parkNanos(PACE);
      }
    } catch (Throwable ex) {
      failures.add(ex);
    }
  }

  /** Waits until they have done some more of what they do. */
  void awaitMore(int more) {
    long goal = statements.get() + more;
    Fixture.await(
        () -> !failures.isEmpty() || statements.get() >= goal,
        () -> more + " more statements of the " + name + " clients");
    assertNoFailure();
  }

  void assertNoFailure() {
    assertThat(failures).as("failures of the %s clients", name).isEmpty();
  }

  void stop() {
    stopped = true;
    for (Thread thread : threads) {
      try {
        thread.join(TimeUnit.SECONDS.toMillis(30));
      } catch (InterruptedException ex) {
        Thread.currentThread().interrupt();
      }
      assertThat(thread.isAlive()).as("%s still waits", thread.getName()).isFalse();
    }
  }
}
