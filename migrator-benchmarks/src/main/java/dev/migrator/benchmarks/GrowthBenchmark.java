package dev.migrator.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migrator;
import dev.migrator.settings.BackfillSettings;
import dev.migrator.test.TestDatabase;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows per second of a backfill by one worker, for tables of growing size. Options: sizes. */
public final class GrowthBenchmark {

  private GrowthBenchmark() {}

  /**
   * Runs it.
   *
   * @param args up to three numbers of rows, with commas between
   */
  public static void main(String[] args) {
    int[] defaults = {100_000, 1_000_000, 5_000_000};
    System.out.printf("%-12s %-12s %-12s %s%n", "rows", "seconds", "rows/s", "table grows by %");
    try (Bench bench = new Bench()) {
      for (int i = 0; i < defaults.length; i++) {
        int rows = Bench.option(args, i, defaults[i]);
        try (TestDatabase database = bench.table(rows);
            HikariDataSource pool = Bench.pool(database, 2)) {
          long before = Bench.megabytes(database, "pg_relation_size");
          Migrator migrator = Bench.migrator(pool, BackfillSettings.defaults());
          migrator.prepare();
          migrator.start();
          Bench.awaitBackfill(migrator);
          migrator.close();
          double seconds =
              JdbcClient.create(database.dataSource())
                  .sql("SELECT extract(epoch FROM finished_at - started_at) FROM migrator.backfill")
                  .query(Double.class)
                  .single();
          System.out.printf(
              "%-12s %-12.1f %-12.0f %.0f%n",
              "%,d".formatted(rows),
              seconds,
              rows / seconds,
              100.0 * (Bench.megabytes(database, "pg_relation_size") - before) / before);
        }
      }
    }
  }
}
