package dev.migrator.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.settings.BackfillSettings;
import dev.migrator.status.BackfillStatus;
import dev.migrator.status.MigrationStatus;
import dev.migrator.test.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The effect of a backfill on an application: the slowest hundredth of its updates without one, and
 * while one runs by default, and at a part of its speed that does not follow what commits take.
 * Options: rows, rounds, seconds, and up to three speeds in percent, 0 for the default.
 */
public final class LatencyBenchmark {

  private static final String UPDATE = "UPDATE t SET visits = visits + 1 WHERE id = ?";

  private static final int[] SPEEDS = {0, 20, 5};

  private LatencyBenchmark() {}

  /**
   * Runs it.
   *
   * @param args rows, rounds, seconds and speeds, with commas between
   */
  public static void main(String[] args) {
    int rows = Bench.option(args, 0, 500_000);
    int rounds = Bench.option(args, 1, 3);
    int seconds = Bench.option(args, 2, 6);
    List<Side> sides = new ArrayList<>();
    for (int i = 0; i < SPEEDS.length; i++) {
      int speed = Bench.option(args, 3 + i, SPEEDS[i]);
      if (sides.stream().noneMatch(it -> it.speed == speed)) {
        sides.add(new Side(speed));
      }
    }
    try (Bench bench = new Bench()) {
      // The first start of all takes processors from the clients, who are in the same JVM here.
      new Side(0).measure(bench, rows, seconds);
      for (int round = 0; round < rounds; round++) {
        for (Side side : sides) {
          side.measure(bench, rows, seconds);
        }
      }
    }
    System.out.printf("p99 of updates by 2 connections, ms, %d rounds of %d s%n", rounds, seconds);
    System.out.printf(
        "%-10s %-22s %-22s %-8s %s%n",
        "backfill", "without a backfill", "while one runs", "ratio", "rows in a second");
    sides.forEach(Side::print);
  }

  /** One speed. */
  private static final class Side {

    private final int speed;

    private final Samples without = new Samples();

    private final Samples with = new Samples();

    private final Samples rowsPerSecond = new Samples();

    Side(int speed) {
      this.speed = speed;
    }

    private BackfillSettings settings() {
      return (speed == 0)
          ? BackfillSettings.defaults()
          : BackfillSettings.builder()
              .rangeTarget(Duration.ofMillis(25))
              .throttle(it -> it.commitLatencyFactor(0))
              .build();
    }

    void measure(Bench bench, int rows, int seconds) {
      try (TestDatabase database = bench.table(rows);
          HikariDataSource pool = Bench.pool(database, 5)) {
        Load load = new Load(database, UPDATE, rows, 2);
        load.run(2);
        double before = load.run(seconds).percentileMillis(99);
        without.add(before);
        Migrator migrator = Bench.migrator(pool, settings());
        migrator.prepare();
        if (speed > 0) {
          migrator.execute(Bench.ID, OperatorCommand.speed(speed));
        }
        migrator.start();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        Load.Result result = load.run(() -> System.nanoTime() < end);
        with.add(result.percentileMillis(99));
        MigrationStatus status = migrator.status(Bench.ID).orElseThrow();
        if (status.phase() != Phase.DUAL_WRITE) {
          System.out.println("the backfill was over before the time was; take more rows");
        }
        BackfillStatus backfill = status.backfill();
        if (backfill != null) {
          rowsPerSecond.add(backfill.rowsDone() / result.seconds());
          System.out.printf(
              "%s: p99 %.2f ms without and %.2f ms with it; %s%n",
              name(), before, result.percentileMillis(99), backfill.throttle());
        }
        migrator.close();
      }
    }

    private String name() {
      return (speed == 0) ? "by default" : "at " + speed + " %";
    }

    void print() {
      double ratio = with.median() / without.median();
      System.out.printf(
          "%-10s %-22s %-22s %-8.2f %s%n",
          name(), without.show(2), with.show(2), ratio, rowsPerSecond.show(0));
      Report.row(
          "p99 of the application's updates while a backfill runs " + name(),
          "≤ 1.5",
          "%.2f".formatted(ratio),
          ratio <= 1.5);
    }
  }
}
