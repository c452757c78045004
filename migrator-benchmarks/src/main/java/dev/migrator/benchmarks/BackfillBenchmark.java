package dev.migrator.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migrator;
import dev.migrator.settings.BackfillSettings;
import dev.migrator.test.TestDatabase;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The backfill of a table with two secondary indexes, by one worker and by two, against one plain
 * UPDATE of the whole table. Options: rows, rounds.
 */
public final class BackfillBenchmark {

  private BackfillBenchmark() {}

  private enum Side {
    PLAIN_UPDATE,
    ONE_WORKER,
    TWO_WORKERS
  }

  /**
   * Runs it.
   *
   * @param args rows and rounds, with a comma between
   */
  public static void main(String[] args) {
    int rows = Bench.option(args, 0, 1_000_000);
    int rounds = Bench.option(args, 1, 5);
    Map<Side, Samples> seconds = new EnumMap<>(Side.class);
    Map<Side, Samples> table = new EnumMap<>(Side.class);
    Map<Side, Samples> indexes = new EnumMap<>(Side.class);
    Map<Side, Samples> total = new EnumMap<>(Side.class);
    try (Bench bench = new Bench()) {
      for (int round = 0; round < rounds; round++) {
        for (Side side : Side.values()) {
          try (TestDatabase database = bench.table(rows)) {
            long tableBefore = Bench.megabytes(database, "pg_relation_size");
            long indexesBefore = Bench.megabytes(database, "pg_indexes_size");
            double[] took = (side == Side.PLAIN_UPDATE) ? plain(database) : ours(database, side);
            seconds.computeIfAbsent(side, it -> new Samples()).add(took[0]);
            total.computeIfAbsent(side, it -> new Samples()).add(took[1]);
            table
                .computeIfAbsent(side, it -> new Samples())
                .add(growth(tableBefore, Bench.megabytes(database, "pg_relation_size")));
            indexes
                .computeIfAbsent(side, it -> new Samples())
                .add(growth(indexesBefore, Bench.megabytes(database, "pg_indexes_size")));
          }
        }
      }
    }
    System.out.printf("backfill of %,d rows with 2 secondary indexes, %d rounds%n", rows, rounds);
    System.out.printf(
        "%-14s %-20s %-8s %-20s %-22s %-22s%n",
        "", "seconds", "ratio", "with verification", "table grows by %", "indexes grow by %");
    for (Side side : Side.values()) {
      System.out.printf(
          "%-14s %-20s %-8.2f %-20s %-22s %-22s%n",
          side.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '),
          of(seconds, side).show(1),
          of(seconds, side).median() / of(seconds, Side.PLAIN_UPDATE).median(),
          side == Side.PLAIN_UPDATE ? "" : of(total, side).show(1),
          of(table, side).show(0),
          of(indexes, side).show(0));
    }
    double ratio = of(total, Side.ONE_WORKER).median() / of(seconds, Side.PLAIN_UPDATE).median();
    Report.row(
        "backfill with verification of %,d rows, against one UPDATE".formatted(rows),
        "≤ 1.1",
        "%.2f".formatted(ratio),
        ratio <= 1.1);
  }

  private static double[] plain(TestDatabase database) {
    JdbcClient jdbc = JdbcClient.create(database.dataSource());
    jdbc.sql("ALTER TABLE t ADD COLUMN b text").update();
    long start = System.nanoTime();
    jdbc.sql("UPDATE t SET b = a").update();
    double seconds = (System.nanoTime() - start) / 1e9;
    return new double[] {seconds, seconds};
  }

  private static double[] ours(TestDatabase database, Side side) {
    int workers = (side == Side.ONE_WORKER) ? 1 : 2;
    try (HikariDataSource pool = Bench.pool(database, workers + 1)) {
      Migrator migrator = Bench.migrator(pool, BackfillSettings.builder().workers(workers).build());
      migrator.prepare();
      long start = System.nanoTime();
      migrator.start();
      Bench.awaitBackfill(migrator);
      double total = (System.nanoTime() - start) / 1e9;
      migrator.close();
      double seconds =
          JdbcClient.create(database.dataSource())
              .sql("SELECT extract(epoch FROM finished_at - started_at) FROM migrator.backfill")
              .query(Double.class)
              .single();
      return new double[] {seconds, total};
    }
  }

  private static Samples of(Map<Side, Samples> samples, Side side) {
    return Objects.requireNonNull(samples.get(side));
  }

  private static double growth(long before, long after) {
    return 100.0 * (after - before) / before;
  }
}
