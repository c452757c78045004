package dev.migrator.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.MigratorBuilder;
import dev.migrator.Phase;
import dev.migrator.settings.ContractMode;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.MigrationStatus;
import dev.migrator.status.StepMeasure;
import dev.migrator.status.StepStatus;
import dev.migrator.test.TestDatabase;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What the status says that was predicted of each step of the sample's rename, beside what it took:
 * first where nothing is known of the database, then for another table, when one run was measured.
 * Options: rows of the first table, rows of the second.
 */
public final class EstimateBenchmark {

  private EstimateBenchmark() {}

  /**
   * Runs it.
   *
   * @param args both numbers of rows, with a comma between
   */
  public static void main(String[] args) {
    int first = Bench.option(args, 0, 300_000);
    int second = Bench.option(args, 1, 1_000_000);
    try (Bench bench = new Bench();
        TestDatabase database = bench.empty();
        HikariDataSource pool = Bench.pool(database, 4)) {
      Migration before = rename("first");
      double unknown = run(database, pool, "first", first, before);
      double learnt = run(database, pool, "second", second, before, rename("second"));
      System.out.printf(
          "the farthest prediction of a step was %.1f times off by defaults, %.1f times after one run%n",
          unknown, learnt);
      Report.row(
          "prediction of a step after one run, times off",
          "≤ 2",
          "%.1f".formatted(learnt),
          learnt <= 2);
    }
  }

  private static Migration rename(String table) {
    return Migration.define("rename-" + table)
        .table(table)
        .renameColumn("name", "full_name")
        .switchRead()
        .dropColumn("name");
  }

  private static double run(
      TestDatabase database,
      HikariDataSource pool,
      String table,
      int rows,
      Migration... migrations) {
    JdbcClient jdbc = JdbcClient.create(database.dataSource());
    jdbc.sql(
            "CREATE TABLE %s (id bigint PRIMARY KEY, name varchar(100) NOT NULL UNIQUE, email text)"
                .formatted(table))
        .update();
    jdbc.sql(
            "INSERT INTO %s SELECT n, 'name ' || n, md5(n::text) || '@example.com' FROM generate_series(1, %d) n"
                .formatted(table, rows))
        .update();
    jdbc.sql("VACUUM ANALYZE " + table).update();
    jdbc.sql("CHECKPOINT").update();
    String id = "rename-" + table;
    MigratorSettings settings =
        MigratorSettings.builder()
            .contract(it -> it.mode(ContractMode.AUTO).retention(Duration.ZERO).soak(Duration.ZERO))
            .build();
    MigratorBuilder builder = Migrator.builder(pool).settings(settings);
    for (Migration migration : migrations) {
      builder.declare(migration.id(), migration);
    }
    try (Migrator migrator = builder.build()) {
      migrator.prepare();
      migrator.start();
      MigrationStatus status = migrator.status(id).orElseThrow();
      while (status.phase() != Phase.CONTRACT) {
        if (status.state() == MigrationStatus.State.FAILED) {
          throw new IllegalStateException(status.toString());
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        status = migrator.status(id).orElseThrow();
      }
      System.out.printf("%s, %,d rows%n", table, rows);
      return show(status);
    }
  }

  /** Returns how far the farthest one was off. */
  private static double show(MigrationStatus status) {
    double farthest = 1;
    for (StepStatus step : status.steps()) {
      StepMeasure measure = step.measure();
      if (measure == null || measure.predicted() == null) {
        continue;
      }
      double predicted = millis(measure.predicted());
      double took = millis(measure.duration().minus(measure.lockWait()));
      double off = Math.max(predicted, took) / Math.min(predicted, took);
      System.out.printf(
          "  %-12s %-24s predicted %7.0f ms, took %7.0f ms: %.1f%n",
          step.phase(), step.name(), predicted, took, off);
      farthest = Math.max(farthest, off);
    }
    return farthest;
  }

  private static double millis(Duration duration) {
    return Math.max(1, duration.toMillis());
  }
}
