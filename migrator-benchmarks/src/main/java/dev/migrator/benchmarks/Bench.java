package dev.migrator.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.settings.BackfillSettings;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.MigrationStatus;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestServer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The server that all sides of a benchmark share, as durable as one in production. */
final class Bench implements AutoCloseable {

  static final String ID = "benchmark";

  private static final Map<String, String> SETTINGS =
      Map.of(
          "fsync", "on",
          "full_page_writes", "on",
          "synchronous_commit", "on",
          "wal_level", "replica",
          "shared_buffers", "512MB",
          "max_wal_size", "8GB",
          "checkpoint_timeout", "30min");

  private final TestServer server = TestServer.embedded(SETTINGS);

  /** A database without any table. */
  TestDatabase empty() {
    return server.newDatabase();
  }

  /** A table like many: a key, two more indexes, and some width. */
  TestDatabase table(long rows) {
    TestDatabase database = server.newDatabase();
    JdbcClient jdbc = JdbcClient.create(database.dataSource());
    jdbc.sql(
            """
            CREATE TABLE t (id bigint PRIMARY KEY, a text, k integer NOT NULL, s text NOT NULL,
                            visits integer NOT NULL DEFAULT 0, filler text NOT NULL)
            """)
        .update();
    jdbc.sql(
            """
            INSERT INTO t SELECT n, 'value ' || n, (n * 7919 %% 1000003)::int, md5(n::text), 0, repeat('x', 60)
              FROM generate_series(1, %d::bigint) n
            """
                .formatted(rows))
        .update();
    jdbc.sql("CREATE INDEX ON t (k)").update();
    jdbc.sql("CREATE INDEX ON t (s)").update();
    jdbc.sql("VACUUM ANALYZE t").update();
    jdbc.sql("CHECKPOINT").update();
    return database;
  }

  static Migration change() {
    return Migration.define(ID).table("t").renameColumn("a", "b");
  }

  static HikariDataSource pool(TestDatabase database, int size) {
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl(database.jdbcUrl());
    pool.setUsername(database.username());
    pool.setPassword(database.password());
    pool.setMaximumPoolSize(size);
    return pool;
  }

  static Migrator migrator(HikariDataSource pool, BackfillSettings settings) {
    return Migrator.builder(pool)
        .declare("benchmark", change())
        .settings(MigratorSettings.builder().backfill(settings).build())
        .build();
  }

  static void awaitBackfill(Migrator migrator) {
    while (true) {
      MigrationStatus status = migrator.status(ID).orElseThrow();
      if (status.state() == MigrationStatus.State.FAILED) {
        throw new IllegalStateException(status.toString());
      }
      if (status.phase() == Phase.BACKFILL) {
        return;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  static long megabytes(TestDatabase database, String function) {
    return JdbcClient.create(database.dataSource())
        .sql("SELECT %s('t') / 1024 / 1024".formatted(function))
        .query(Long.class)
        .single();
  }

  static int option(String[] args, int index, int otherwise) {
    String given = (args.length > 0) ? args[0] : "";
    String[] options = given.isBlank() ? new String[0] : given.trim().split(",");
    return (options.length > index) ? Integer.parseInt(options[index].trim()) : otherwise;
  }

  @Override
  public void close() {
    server.close();
  }
}
