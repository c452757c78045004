package dev.migrator.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migrator;
import dev.migrator.settings.BackfillSettings;
import dev.migrator.status.StepStatus;
import dev.migrator.test.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * How long a change still takes after a transaction has ended that stood in its way, and how long
 * the application's statements wait meanwhile. Options: seconds that the transaction stays open,
 * rounds.
 */
public final class BlockerBenchmark {

  private static final int ROWS = 10_000;

  private BlockerBenchmark() {}

  /**
   * Runs it.
   *
   * @param args seconds and rounds, with commas between
   */
  public static void main(String[] args) {
    int seconds = Bench.option(args, 0, 20);
    int rounds = Bench.option(args, 1, 3);
    System.out.printf("ms, a transaction is open for %d s, %d rounds%n", seconds, rounds);
    System.out.printf(
        "%-44s %-24s %s%n", "in the way", "until done", "longest wait of a statement");
    try (Bench bench = new Bench()) {
      measure(bench, "of a lock: a read of the table", "SELECT count(*) FROM t", seconds, rounds);
      measure(
          bench,
          "of rows: FOR UPDATE of one",
          "SELECT 1 FROM t WHERE id = 1 FOR UPDATE",
          seconds,
          rounds);
    }
  }

  private static void measure(Bench bench, String name, String sql, int seconds, int rounds) {
    Samples done = new Samples();
    Samples longest = new Samples();
    once(bench, sql, 1); // warm
    for (int round = 0; round < rounds; round++) {
      Result result = once(bench, sql, seconds);
      done.add(result.done / 1e6);
      longest.add(result.longest / 1e6);
    }
    Report.row("after a blocker of %d s, %s, ms".formatted(seconds, name), "≤ 500", done, 500);
    System.out.printf("%-44s %-24s %s%n", name, done.show(0), longest.show(0));
  }

  /** A row's lock is met by the backfill, behind the steps that lock the table. */
  private static Result once(Bench bench, String sql, int seconds) {
    boolean row = sql.contains("FOR UPDATE");
    String step = row ? "backfill" : "add-columns";
    try (TestDatabase database = bench.table(ROWS);
        HikariDataSource pool = Bench.pool(database, 4);
        Migrator migrator = Bench.migrator(pool, BackfillSettings.defaults());
        Connection blocker = database.dataSource().getConnection();
        Traffic traffic = new Traffic(database)) {
      if (row) {
        migrator.prepare();
      }
      blocker.setAutoCommit(false);
      try (Statement statement = blocker.createStatement()) {
        statement.execute(sql);
      }
      Thread start =
          new Thread(
              () -> {
                migrator.prepare();
                migrator.start();
              });
      start.start();
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(seconds));
      long ended = System.nanoTime();
      blocker.rollback();
      await(migrator, step);
      Result result = new Result(System.nanoTime() - ended, traffic.longest.get());
      start.join();
      return result;
    } catch (SQLException | InterruptedException ex) {
      throw new IllegalStateException(ex);
    }
  }

  private static void await(Migrator migrator, String step) {
    while (migrator.status(Bench.ID).orElseThrow().steps().stream()
        .noneMatch(it -> it.name().equals(step) && it.state() == StepStatus.State.DONE)) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  private record Result(long done, long longest) {}

  /** One connection that reads and one that writes, as fast as they can. */
  private static final class Traffic implements AutoCloseable {

    private final AtomicLong longest = new AtomicLong();

    private final AtomicBoolean ends = new AtomicBoolean();

    private final Thread[] threads;

    Traffic(TestDatabase database) {
      threads =
          new Thread[] {
            new Thread(() -> run(database, "SELECT s FROM t WHERE id = ?")),
            new Thread(() -> run(database, "UPDATE t SET visits = visits + 1 WHERE id = ?"))
          };
      for (Thread thread : threads) {
        thread.start();
      }
    }

    private void run(TestDatabase database, String sql) {
      try (Connection connection = database.dataSource().getConnection();
          PreparedStatement statement = connection.prepareStatement(sql)) {
        for (long id = 2; !ends.get(); id = 2 + (id + 1) % (ROWS - 2)) {
          long begin = System.nanoTime();
          statement.setLong(1, id);
          statement.execute();
          longest.accumulateAndGet(System.nanoTime() - begin, Math::max);
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
      } catch (SQLException ex) {
        throw new IllegalStateException(ex);
      }
    }

    @Override
    public void close() {
      ends.set(true);
      for (Thread thread : threads) {
        try {
          thread.join();
        } catch (InterruptedException ex) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }
}
