package dev.migrator.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migrator;
import dev.migrator.status.MigrationStatus;
import dev.migrator.test.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * What a fleet asks of the database in which everything is reached that its release declares, and
 * many migrations are finished. Options: seconds, finished migrations.
 */
public final class FleetBenchmark {

  private static final int[] INSTANCES = {1, 10, 50, 200};

  /** For so long a change of columns keeps the fleet awake, and a session its counts. */
  private static final int UNTIL_AT_REST = 60;

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
    Counting counting = new Counting(pool);
    Migrator first = start(counting);
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
    IntStream.range(1, instances).forEach(it -> fleet.add(start(counting)));
    pause(UNTIL_AT_REST);
    long transactions = counting.transactions.get();
    long rows = rows(jdbc);
    pause(seconds);
    transactions = counting.transactions.get() - transactions;
    rows = rows(jdbc) - rows;
    fleet.forEach(Migrator::close);
    System.out.printf(
        "%-12d %-26.3f %-20.2f %.1f%n",
        instances,
        (double) transactions / seconds / instances,
        (double) rows / seconds / instances,
        (double) rows / transactions);
  }

  private static Migrator start(DataSource dataSource) {
    Migrator migrator = Migrator.builder(dataSource).declare("benchmark", Bench.change()).build();
    migrator.prepare();
    migrator.start();
    return migrator;
  }

  private static void pause(int seconds) {
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(seconds));
  }

  /** Read from the tables of the journal, as the server has counted. */
  private static long rows(JdbcClient jdbc) {
    return jdbc.sql(
            """
            SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_user_tables
             WHERE schemaname = 'migrator'
            """)
        .query(Long.class)
        .single();
  }

  /** At rest each connection is taken for one transaction. */
  private static final class Counting extends DelegatingDataSource {

    private final AtomicLong transactions = new AtomicLong();

    Counting(DataSource target) {
      super(target);
    }

    @Override
    public Connection getConnection() throws SQLException {
      transactions.incrementAndGet();
      return super.getConnection();
    }
  }
}
