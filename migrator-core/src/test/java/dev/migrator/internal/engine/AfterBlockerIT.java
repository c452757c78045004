package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.TimedMigrators;
import dev.migrator.internal.Timings;
import dev.migrator.status.StepStatus;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** A pause of hours ends with the transaction that was in the way, and is no attempt more. */
@Tag("server-version")
class AfterBlockerIT {

  private static final Duration HOURS = Duration.ofHours(2);

  private static final Migration CHANGE = Migration.define("m").table("t").renameColumn("a", "b");

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text)",
        "INSERT INTO t SELECT n, 'value ' || n FROM generate_series(1, 1000) n");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  /** Steps are tried again after hours, and so are rows that somebody has locked. */
  private static Timings patient() {
    Timings usual = Fixture.TIMINGS;
    Timings.Steps steps = usual.steps();
    Timings.Ranges ranges = usual.ranges();
    return usual
        .withStart(
            new Timings.Start(
                usual.start().lookAgain(),
                usual.start().askAfter(),
                Duration.ofMinutes(5),
                usual.start().log(),
                Duration.ZERO))
        .withSteps(
            new Timings.Steps(
                HOURS,
                HOURS,
                steps.freed(),
                steps.lookAgain(),
                steps.monitor(),
                steps.cancelAgain()))
        .withRanges(
            new Timings.Ranges(
                ranges.lookAgain(),
                ranges.leaderReads(),
                ranges.workerReads(),
                ranges.directive(),
                ranges.slice(),
                ranges.cancelAgain(),
                ranges.log(),
                ranges.firstPause(),
                ranges.longestPause(),
                ranges.lockedTable(),
                ranges.firstLockedRows(),
                HOURS));
  }

  private Migrator migrator(DataSource dataSource) {
    Migrator migrator =
        TimedMigrators.with(patient(), Migrator.builder(dataSource))
            .settings(
                // Or the last attempt of a start that gives up would be taken for the early one.
                Fixture.SETTINGS.toBuilder()
                    .startupLimit(HOURS)
                    .lock(it -> it.retryLimit(HOURS))
                    .build())
            .declare("bean", CHANGE)
            .build();
    fixture.closing(migrator);
    return migrator;
  }

  private Connection holding(String sql) throws SQLException {
    Connection connection = fixture.database().dataSource().getConnection();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET application_name = 'blocker'");
      connection.setAutoCommit(false);
      statement.execute(sql);
    }
    return connection;
  }

  private static void awaitNamed(Migrator migrator) {
    Fixture.await(
        () ->
            migrator.status("m").orElseThrow().steps().stream()
                .map(StepStatus::blockers)
                .anyMatch(it -> it.stream().anyMatch(by -> by.application().equals("blocker"))),
        () -> String.valueOf(migrator.status("m")));
  }

  private void aStepIsDone(DataSource dataSource) throws SQLException {
    Migrator migrator = migrator(dataSource);
    try (Connection blocker = holding("SELECT FROM t")) {
      CompletableFuture<Void> start = CompletableFuture.runAsync(migrator::prepare);
      awaitNamed(migrator);
      blocker.rollback();
      Fixture.await(start::isDone, () -> String.valueOf(migrator.status("m")));
      start.join();
    }
    assertThat(migrator.status("m").orElseThrow().phase()).isEqualTo(Phase.DUAL_WRITE);
    assertThat(
            migrator.status("m").orElseThrow().steps().stream()
                .filter(it -> it.name().equals("add-columns"))
                .findFirst()
                .orElseThrow()
                .attempts())
        .as("attempts")
        .isEqualTo(2);
  }

  @Test
  void ofAStep() throws SQLException {
    aStepIsDone(fixture.dataSource());
  }

  @Test
  @EnabledIf("dev.migrator.internal.engine.PgBouncer#isInstalled")
  void behindAPooler() throws SQLException, IOException {
    try (PgBouncer pooler = PgBouncer.before(fixture.database(), 2)) {
      HikariDataSource pool = fixture.pool(2);
      pool.setJdbcUrl(pooler.jdbcUrl());
      aStepIsDone(pool);
      fixture.close();
    }
  }

  /** The pauses grow until one is so long that its end cannot be what is seen. */
  @Test
  void ofLockedRows() throws SQLException {
    CountingDataSource counting = new CountingDataSource(fixture.dataSource());
    Migrator migrator = migrator(counting);
    migrator.prepare();
    try (Connection blocker = holding("SELECT FROM t WHERE id = 7 FOR UPDATE")) {
      migrator.start();
      Fixture.await(
          () ->
              fixture
                  .value(
                      "SELECT count(*) FROM migrator.chunk WHERE due_at > clock_timestamp() + interval '4 s'")
                  .equals("1"),
          () -> String.valueOf(migrator.status("m")));
      counting.reset();
      blocker.rollback();
    }
    Fixture.awaitPhase(migrator, "m", Phase.BACKFILL);
    assertThat(counting.count("SET due_at = clock_timestamp()")).isEqualTo(1);
    assertThat(fixture.value("SELECT count(*) FROM t WHERE b IS DISTINCT FROM a")).isEqualTo("0");
  }
}
