package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.SETTINGS;
import static dev.migrator.internal.engine.Fixture.TIMINGS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.TimedMigrators;
import dev.migrator.internal.Timings;
import dev.migrator.internal.sql.Database;
import dev.migrator.test.Await;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** The commits of ranges do not wait for the disk, so a server that crashes may lose the last. */
class LostCommitsIT {

  /** So few that there is one pass: no later one copies what was left. */
  private static final int ROWS = 6_000;

  /** Nothing but a durable commit brings anything to the disk. */
  private static final Map<String, String> LOSING =
      Map.of(
          "synchronous_commit", "on",
          "wal_writer_delay", "10s",
          "wal_writer_flush_after", "1GB",
          "wal_buffers", "64MB");

  /** The look of the leader is a durable commit. */
  private static Timings leaderSleeps() {
    Timings.Ranges usual = TIMINGS.ranges();
    return TIMINGS.withRanges(
        new Timings.Ranges(
            Duration.ofMinutes(1),
            usual.leaderReads(),
            usual.workerReads(),
            usual.directive(),
            usual.slice(),
            usual.cancelAgain(),
            usual.log(),
            usual.firstPause(),
            usual.longestPause(),
            usual.lockedTable(),
            usual.firstLockedRows(),
            usual.longestLockedRows()));
  }

  /** Crashes the server between two ranges of a worker, until it has lost one. */
  private static final class Crashing extends DelegatingDataSource {

    private final TestDatabase database;

    private final AtomicInteger ranges = new AtomicInteger();

    private volatile long lost;

    Crashing(TestDatabase database) {
      super(database.dataSource());
      this.database = database;
    }

    @Override
    public Connection getConnection() throws SQLException {
      if (Thread.currentThread().getName().startsWith("migrator-backfill-")
          && lost == 0
          && ranges.incrementAndGet() % 6 == 0) {
        long before = done();
        crash();
        lost = before - done();
      }
      return super.getConnection();
    }

    private long done() {
      return JdbcClient.create(database.dataSource())
          .sql("SELECT coalesce(sum(rows_done), 0) FROM migrator.chunk")
          .query(Long.class)
          .single();
    }

    private void crash() throws SQLException {
      try (Connection victim = database.dataSource().getConnection();
          Statement statement = victim.createStatement();
          ResultSet rows = statement.executeQuery("SELECT pg_backend_pid()")) {
        rows.next();
        ProcessHandle.of(rows.getLong(1)).orElseThrow().destroyForcibly();
        Await.until(() -> !isValid(victim), () -> "the server to notice");
      }
      Await.until(this::answers, () -> "the server to be there again");
    }

    private boolean answers() {
      try (Connection connection = database.dataSource().getConnection()) {
        return isValid(connection);
      } catch (SQLException ex) {
        return false;
      }
    }

    private static boolean isValid(Connection connection) {
      try (Statement statement = connection.createStatement()) {
        return statement.execute("SELECT 1");
      } catch (SQLException ex) {
        return false;
      }
    }
  }

  /** Its worker does not even notice, as every range has a connection of its own. */
  @Test
  void theRowsThatAServerHasLostAreCopiedAgain() {
    try (TestServer server = TestServer.embedded(LOSING);
        TestDatabase database = server.newDatabase()) {
      JdbcClient jdbc = JdbcClient.create(database.dataSource());
      jdbc.sql("CREATE TABLE t (a text, filler text)").update();
      jdbc.sql("INSERT INTO t SELECT 'value ' || n, repeat('x', 200) FROM generate_series(1, ?) n")
          .param(ROWS)
          .update();
      Crashing crashing = new Crashing(database);
      Migrator migrator =
          TimedMigrators.with(leaderSleeps(), Migrator.builder(crashing))
              .settings(
                  SETTINGS.toBuilder().backfill(it -> it.rangeTarget(Duration.ofMillis(1))).build())
              .declare("bean", Migration.define("m").table("t").renameColumn("a", "b"))
              .build();
      try {
        migrator.prepare();
        noteDifferences(jdbc);
        migrator.start();
        Await.until(() -> isCopied(jdbc), () -> "the backfill");
      } finally {
        migrator.close();
      }
      assertThat(crashing.lost).as("rows whose commit was lost").isPositive();
      assertThat(jdbc.sql("SELECT count(*) FROM t WHERE a = b").query(Integer.class).single())
          .isEqualTo(ROWS);
      assertThat(
              jdbc.sql("SELECT rows_done || ' ' || rows_verified FROM migrator.backfill")
                  .query(String.class)
                  .single())
          .as("what is recorded is what the server has kept")
          .isEqualTo(ROWS + " " + ROWS);
      assertThat(jdbc.sql("SELECT count(*) FROM noted").query(Integer.class).single())
          .as("comparisons that found rows which were not copied")
          .isZero();
    }
  }

  private static void noteDifferences(JdbcClient jdbc) {
    jdbc.sql("CREATE TABLE noted (rows bigint)").update();
    jdbc.sql(
            """
            CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN INSERT INTO public.noted VALUES (NEW.rows_differing); RETURN NULL; END $$
            """)
        .update();
    jdbc.sql(
            """
            CREATE TRIGGER note AFTER UPDATE ON migrator.backfill
            FOR EACH ROW WHEN (NEW.rows_differing > 0) EXECUTE FUNCTION note()
            """)
        .update();
  }

  private static boolean isCopied(JdbcClient jdbc) {
    try {
      return jdbc.sql("SELECT phase FROM migrator.migration")
          .query(String.class)
          .single()
          .equals(Phase.BACKFILL.name());
    } catch (DataAccessException ex) {
      return false; // the server is not there
    }
  }

  /** Or nothing would keep a range from running ahead of them. */
  @Test
  void standbysThatAreWaitedForStillAre() {
    assertThat(commitOfRange(Map.of("synchronous_commit", "local"))).isEqualTo("off");
    assertThat(
            commitOfRange(
                Map.of("synchronous_commit", "local", "synchronous_standby_names", "nobody")))
        .isEqualTo("local");
  }

  private static String commitOfRange(Map<String, String> settings) {
    try (TestServer server = TestServer.embedded(settings)) {
      Database database = new Database(server.dataSource("postgres"));
      Duration second = Duration.ofSeconds(1);
      assertThat(
              database.inTransaction(
                  () -> {
                    database.copyLimits(second, second);
                    return commit(database);
                  }))
          .as("all rows in one transaction, with what records them")
          .isEqualTo("local");
      return database.inTransaction(
          () -> {
            database.rangeLimits(second, second, true);
            return commit(database);
          });
    }
  }

  private static String commit(Database database) {
    return database
        .jdbc()
        .sql("SELECT current_setting('synchronous_commit')")
        .query(String.class)
        .single();
  }
}
