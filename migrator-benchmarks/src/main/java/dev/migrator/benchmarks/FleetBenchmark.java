package dev.migrator.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.status.MigrationStatus;
import dev.migrator.test.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What a fleet asks of the database in which everything is reached that its release declares, and
 * many migrations are finished. Options: seconds, finished migrations.
 */
public final class FleetBenchmark {

  private static final int[] INSTANCES = {1, 10, 50, 200};

  /** The server gets the counts of a session that stays idle within ten seconds. */
  private static final int FLUSH = 12;

  private FleetBenchmark() {}

  /**
   * Runs it.
   *
   * @param args seconds and finished migrations, with commas between
   */
  public static void main(String[] args) {
    int seconds = Bench.option(args, 0, 60);
    int finished = Bench.option(args, 1, 1000);
    System.out.printf("%d s at rest, %d finished migrations, per instance%n", seconds, finished);
    System.out.printf(
        "%-12s %-26s %-20s %s%n",
        "instances", "transactions in a second", "rows in a second", "rows for each");
    try (Bench bench = new Bench()) {
      for (int instances : INSTANCES) {
        try (TestDatabase database = bench.table(1000);
            HikariDataSource pool = Bench.pool(database, 10)) {
          measure(database, pool, instances, seconds, finished);
        }
      }
    }
  }

  private static void measure(
      TestDatabase database, HikariDataSource pool, int instances, int seconds, int finished) {
    JdbcClient jdbc = JdbcClient.create(database.dataSource());
    Migrator first = start(pool);
    while (first.status(Bench.ID).orElseThrow().state() != MigrationStatus.State.REACHED) {
      pause(1);
    }
    jdbc.sql(
            """
            INSERT INTO migrator.migration (id, table_name, operations, begun, phase, settled, completed)
            SELECT 'finished-' || n, 't', '[]', 'CONTRACT', 'CONTRACT', true, true
              FROM generate_series(1, ?) n
            """)
        .param(finished)
        .update();
    List<Migrator> fleet = new ArrayList<>(List.of(first));
    IntStream.range(1, instances).forEach(it -> fleet.add(start(pool)));
    pause(2 * FLUSH);
    Counts before = Counts.of(jdbc);
    pause(seconds);
    Counts after = Counts.of(jdbc);
    fleet.forEach(Migrator::close);
    double transactions = after.transactions() - before.transactions();
    double rows = after.rows() - before.rows();
    System.out.printf(
        "%-12d %-26.3f %-20.2f %.1f%n",
        instances,
        transactions / seconds / instances,
        rows / seconds / instances,
        rows / transactions);
  }

  private static Migrator start(HikariDataSource pool) {
    Migration change = Bench.change();
    Migrator migrator = Migrator.builder(pool).declare("benchmark", change).build();
    migrator.prepare();
    migrator.start();
    return migrator;
  }

  private static void pause(int seconds) {
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(seconds));
  }

  /**
   * What the server has counted.
   *
   * @param transactions of all sessions of the database, also those that count
   * @param rows read from the tables of the journal
   */
  private record Counts(long transactions, long rows) {

    static Counts of(JdbcClient jdbc) {
      return jdbc.sql(
              """
              SELECT xact_commit + xact_rollback AS transactions,
                     (SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_user_tables
                       WHERE schemaname = 'migrator') AS rows
                FROM pg_stat_database WHERE datname = current_database()
              """)
          .query(Counts.class)
          .single();
    }
  }
}
