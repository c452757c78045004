package dev.migrator.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.MigratorBuilder;
import dev.migrator.test.TestDatabase;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What the endpoint reads for {@code GET /actuator/migrator}, with many migrations and instances.
 * Options: rounds, migrations, instances.
 */
public final class StatusBenchmark {

  private StatusBenchmark() {}

  /**
   * Runs it.
   *
   * @param args rounds, migrations and instances, with commas between
   */
  public static void main(String[] args) {
    int rounds = Bench.option(args, 0, 20);
    int migrations = Bench.option(args, 1, 200);
    int instances = Bench.option(args, 2, 200);
    try (Bench bench = new Bench();
        TestDatabase database = bench.empty();
        HikariDataSource pool = Bench.pool(database, 4)) {
      JdbcClient jdbc = JdbcClient.create(database.dataSource());
      Counting counting = new Counting(pool);
      MigratorBuilder builder = Migrator.builder(counting);
      for (int i = 0; i < migrations; i++) {
        jdbc.sql("CREATE TABLE c%d (id bigint PRIMARY KEY, a text)".formatted(i)).update();
        builder.declare(
            "bean" + i,
            Migration.define("change-" + i).table("c" + i).renameColumn("a", "b").switchRead());
      }
      try (Migrator migrator = builder.build()) {
        migrator.prepare();
        jdbc.sql(
                """
                INSERT INTO migrator.instance (key, name, application, release, address, session_names,
                       started_at, seen_at, expires_at, declares, reads, mapped, protection)
                SELECT gen_random_uuid(), 'instance-' || n, application, release, address, session_names,
                       started_at, seen_at, now() + interval '1 hour', declares, reads, mapped, protection
                  FROM migrator.instance, generate_series(2, ?) n
                """)
            .param(instances)
            .update();
        Samples millis = new Samples();
        long statements = 0;
        for (int round = -5; round < rounds; round++) {
          long before = counting.statements();
          long start = System.nanoTime();
          migrator.status();
          if (round >= 0) {
            millis.add((System.nanoTime() - start) / 1e6);
            statements = counting.statements() - before;
          }
        }
        System.out.printf(
            "status of %d migrations and %d instances: %s ms, %d statements%n",
            migrations, instances, millis.show(0), statements);
        String of = "status with %d migrations and %d instances, ".formatted(migrations, instances);
        Report.row(of + "ms", "≤ 50", millis, 50);
        Report.row(of + "statements", "≤ 5", String.valueOf(statements), statements <= 5);
      }
    }
  }
}
