package dev.migrator.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migrator;
import dev.migrator.settings.BackfillSettings;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.test.TestDatabase;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How long it takes after a kill -9 of the leader in the middle of a backfill until another
 * instance leads, with all settings at their defaults. Options: rows, rounds.
 */
public final class TakeoverBenchmark {

  private TakeoverBenchmark() {}

  /**
   * Runs it.
   *
   * @param args rows and rounds, with a comma between
   */
  public static void main(String[] args) {
    int rows = Bench.option(args, 0, 500_000);
    int rounds = Bench.option(args, 1, 3);
    double lease = MigratorSettings.defaults().leaseTime().toMillis() / 1e3;
    Samples seconds = new Samples();
    try (Bench bench = new Bench()) {
      for (int round = 0; round < rounds; round++) {
        seconds.add(once(bench, rows));
      }
    }
    System.out.printf(
        "from kill -9 of the leader until another leads, s, lease time %.0f s: %s%n",
        lease, seconds.show(1));
    Report.row(
        "after kill -9 of the leader until another leads, s",
        "≤ %.0f".formatted(lease + 1),
        seconds,
        lease + 1);
  }

  private static double once(Bench bench, int rows) {
    try (TestDatabase database = bench.table(rows);
        HikariDataSource pool = Bench.pool(database, 3)) {
      JdbcClient jdbc = JdbcClient.create(database.dataSource());
      Process leader = Jvm.start("lead", database, "-");
      try {
        await(jdbc, "SELECT to_regclass('migrator.backfill') IS NOT NULL");
        await(jdbc, "SELECT count(*) > 0 FROM migrator.chunk WHERE rows_done > 0");
        try (Migrator second =
            Bench.migrator(pool, BackfillSettings.builder().workers(0).build())) {
          second.prepare();
          second.start();
          long token =
              jdbc.sql("SELECT token FROM migrator.lease WHERE name = 'leader'")
                  .query(Long.class)
                  .single();
          long killed = System.nanoTime();
          leader.destroyForcibly();
          await(
              jdbc, "SELECT token > %d FROM migrator.lease WHERE name = 'leader'".formatted(token));
          return (System.nanoTime() - killed) / 1e9;
        }
      } finally {
        leader.destroyForcibly();
      }
    }
  }

  private static void await(JdbcClient jdbc, String sql) {
    long giveUp = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (!jdbc.sql(sql).query(Boolean.class).single()) {
      if (System.nanoTime() - giveUp > 0) {
        throw new IllegalStateException(sql);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }
}
