package dev.migrator.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.settings.BackfillSettings;
import dev.migrator.test.TestDatabase;
import java.time.Duration;

/**
 * The effect of a backfill on an application: the slowest hundredth of its updates without one, and
 * while one runs at a part of its speed. Options: rows, rounds, seconds, percent.
 */
public final class LatencyBenchmark {

  private static final String UPDATE = "UPDATE t SET visits = visits + 1 WHERE id = ?";

  private LatencyBenchmark() {}

  /**
   * Runs it.
   *
   * @param args rows, rounds, seconds and the speed in percent, with commas between
   */
  public static void main(String[] args) {
    int rows = Bench.option(args, 0, 1_000_000);
    int rounds = Bench.option(args, 1, 3);
    int seconds = Bench.option(args, 2, 10);
    int speed = Bench.option(args, 3, 20);
    Samples without = new Samples();
    Samples with = new Samples();
    BackfillSettings gentle = BackfillSettings.builder().rangeTarget(Duration.ofMillis(25)).build();
    try (Bench bench = new Bench()) {
      for (int round = 0; round < rounds; round++) {
        try (TestDatabase database = bench.table(rows);
            HikariDataSource pool = Bench.pool(database, 2)) {
          Load load = new Load(database, UPDATE, rows, 2);
          load.run(2);
          without.add(load.run(seconds).percentileMillis(99));
          Migrator migrator = Bench.migrator(pool, gentle);
          migrator.prepare();
          migrator.execute(Bench.ID, OperatorCommand.speed(speed));
          migrator.start();
          long end = System.nanoTime() + seconds * 1_000_000_000L;
          with.add(load.run(() -> System.nanoTime() < end).percentileMillis(99));
          if (migrator.status(Bench.ID).orElseThrow().phase() != Phase.DUAL_WRITE) {
            System.out.println("the backfill was over before the time was; take more rows");
          }
          migrator.close();
        }
      }
    }
    System.out.printf(
        "p99 of updates by 2 connections, ms, %d rounds of %d s; backfill at %d %%, ranges of 25 ms%n",
        rounds, seconds, speed);
    System.out.printf("%-24s %-24s %s%n", "without a backfill", "while one runs", "ratio");
    System.out.printf(
        "%-24s %-24s %.2f%n", without.show(2), with.show(2), with.median() / without.median());
    double ratio = with.median() / without.median();
    Report.row(
        "p99 of the application's updates while a backfill runs at %d %%".formatted(speed),
        "≤ 1.5",
        "%.2f".formatted(ratio),
        ratio <= 1.5);
  }
}
