package dev.migrator.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.test.Await;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.springframework.jdbc.core.simple.JdbcClient;

/** An application that ends while it still starts does not wait for what its start waits for. */
class WaitingStartIT {

  /** Less than the start may wait, and more than any machine needs to end. */
  private static final long LIMIT_SECONDS = 120;

  /** What a JVM returns when SIGTERM ended it and its shutdown hooks ran. */
  private static final int TERMINATED = 128 + 15;

  @TempDir private Path directory;

  /** Behind a lock that is tried for again and again, and in a statement that has no limit. */
  @ParameterizedTest
  @ValueSource(strings = {"LOCK TABLE users IN ACCESS SHARE MODE", "SELECT pg_current_snapshot()"})
  @DisabledOnOs(OS.WINDOWS)
  void endsWhenToldTo(String inTheWay) throws Exception {
    try (TestDatabase database = TestPostgres.newDatabase();
        Connection holder = database.dataSource().getConnection();
        Statement statement = holder.createStatement()) {
      JdbcClient jdbc = JdbcClient.create(database.dataSource());
      jdbc.sql("CREATE TABLE users (id bigint PRIMARY KEY, name text)").update();
      jdbc.sql("CREATE INDEX ON users (name)").update();
      holder.setAutoCommit(false);
      holder.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      statement.execute(inTheWay);
      Path log = directory.resolve("log");
      Process process = start(database, log);
      try {
        int pid = holder.unwrap(PGConnection.class).getBackendPID();
        Await.until(() -> isWaiting(process, jdbc, pid));
        process.destroy();
        assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as(read(log)).isTrue();
        assertThat(process.exitValue()).as(read(log)).isEqualTo(TERMINATED);
      } finally {
        process.destroyForcibly();
      }
      assertThat(
              jdbc.sql("SELECT left_at IS NOT NULL FROM migrator.instance")
                  .query(Boolean.class)
                  .single())
          .as("the registration is given back")
          .isTrue();
    }
  }

  private static Process start(TestDatabase database, Path log) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-classpath",
            System.getProperty("java.class.path"),
            WaitingStart.class.getName(),
            "--spring.main.web-application-type=none",
            // An index that is built beside others waits for old snapshots.
            "--migrator.one-transaction-rows=0",
            "--spring.datasource.url=" + database.jdbcUrl(),
            "--spring.datasource.username=" + database.username(),
            "--spring.datasource.password=" + database.password())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  private static boolean isWaiting(Process process, JdbcClient jdbc, int holder) {
    assertThat(process.isAlive()).as("the process is alive").isTrue();
    return jdbc.sql(
            """
            SELECT EXISTS (SELECT FROM pg_stat_activity WHERE ? = ANY (pg_blocking_pids(pid)))
            """)
        .param(holder)
        .query(Boolean.class)
        .single();
  }

  private static String read(Path log) throws IOException {
    return Files.exists(log) ? Files.readString(log) : "";
  }
}
