package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.SETTINGS;
import static dev.migrator.internal.engine.Fixture.await;
import static dev.migrator.internal.engine.Fixture.awaitPhase;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.CommandRefusedException;
import dev.migrator.settings.BackfillSettings;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.settings.ThrottleSettings;
import dev.migrator.settings.TimeWindow;
import dev.migrator.status.BackfillStatus;
import dev.migrator.status.MigrationStatus;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestServer;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A backfill waits for each of its reasons, says which, and goes on when it is gone. */
@Tag("server-version")
class BackfillThrottleIT {

  /** Some hundred ranges of the fewest blocks, in all passes. */
  private static final int ROWS = 6000;

  private static final List<String> TABLE =
      List.of(
          "CREATE TABLE t (id int PRIMARY KEY, a text, filler text)",
          "INSERT INTO t SELECT n, 'value ' || n, repeat('x', 400) FROM generate_series(1, %d) n"
              .formatted(ROWS),
          // Slow enough for a reading to come in between.
          """
          CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN PERFORM pg_sleep(0.02); RETURN NULL; END $$
          """,
          "CREATE TRIGGER slow AFTER UPDATE ON t FOR EACH STATEMENT EXECUTE FUNCTION slow()");

  /** As fast as they can, the writers would leave the machine to nobody else. */
  private static final long PACE = TimeUnit.MILLISECONDS.toNanos(5);

  private static final ThrottleSettings OFF = ThrottleSettings.none();

  private static Migration change() {
    return Migration.define("m").table("t").renameColumn("a", "b");
  }

  private static BackfillSettings settings(ThrottleSettings throttle) {
    return BackfillSettings.builder().rangeTarget(Duration.ofMillis(1)).throttle(throttle).build();
  }

  private static @Nullable String throttle(Migrator migrator) {
    BackfillStatus backfill = migrator.status("m").orElseThrow().backfill();
    return (backfill == null) ? null : backfill.throttle();
  }

  private static double rate(Migrator migrator) {
    BackfillStatus backfill = migrator.status("m").orElseThrow().backfill();
    return (backfill == null) ? 0 : backfill.rowsPerSecond();
  }

  private static void awaitThrottle(Migrator migrator, String reason) {
    await(
        () -> String.valueOf(throttle(migrator)).contains(reason),
        () -> reason + ", but it is " + migrator.status("m"));
  }

  private static String rowsLeft(JdbcClient jdbc) {
    return jdbc.sql("SELECT count(*) FROM t WHERE b IS DISTINCT FROM a")
        .query(String.class)
        .single();
  }

  /** While it waits it keeps its chunk and writes nothing. */
  private static void assertNothingMoves(JdbcClient jdbc, Migrator migrator) {
    awaitLook(jdbc); // the range at hand ends first
    awaitLook(jdbc);
    String left = rowsLeft(jdbc);
    assertThat(left).isNotEqualTo("0");
    awaitLook(jdbc);
    awaitLook(jdbc);
    assertThat(rowsLeft(jdbc)).isEqualTo(left);
    assertThat(migrator.status("m").orElseThrow().state()).isEqualTo(MigrationStatus.State.RUNNING);
  }

  private static void awaitLook(JdbcClient jdbc) {
    String looked = "SELECT read_at FROM migrator.backfill";
    String before = jdbc.sql(looked).query(String.class).single();
    await(
        () -> !jdbc.sql(looked).query(String.class).single().equals(before),
        () -> "another look at the server");
  }

  @Test
  void aPausedStandbyIsWaitedFor() throws Exception {
    try (TestServer primary = TestServer.embedded(Map.of("max_wal_senders", "4"));
        TestDatabase database = primary.newDatabase();
        Standby standby = Standby.of(primary);
        HikariDataSource pool = new HikariDataSource()) {
      pool.setDataSource(database.dataSource());
      pool.setMaximumPoolSize(3);
      JdbcClient jdbc = JdbcClient.create(database.dataSource());
      TABLE.forEach(it -> jdbc.sql(it).update());
      Migrator migrator =
          Fixture.builder(pool)
              .declare("bean", change())
              .settings(
                  SETTINGS.toBuilder()
                      .backfill(settings(OFF.toBuilder().replicationLagSize(1 << 20).build()))
                      .build())
              .build();
      migrator.prepare();
      standby.pauseReplay();
      migrator.start();
      try {
        awaitThrottle(migrator, "(replication-lag-size)");
        assertNothingMoves(jdbc, migrator);
        standby.resumeReplay();
        jdbc.sql("DROP TRIGGER slow ON t").update();
        awaitPhase(migrator, "m", Phase.BACKFILL);
        assertThat(rowsLeft(jdbc)).isEqualTo("0");
      } finally {
        migrator.stop();
      }
    }
  }

  @Test
  void aSlotThatKeepsTheLogBackIsWaitedFor() {
    try (Fixture fixture = new Fixture()) {
      TABLE.forEach(fixture::execute);
      Migrator migrator =
          fixture.migrator(
              SETTINGS.toBuilder()
                  .backfill(settings(OFF.toBuilder().slotLag(1 << 20).build()))
                  .build(),
              change());
      migrator.prepare();
      fixture.value("SELECT pg_create_physical_replication_slot('slow_consumer', true)");
      try {
        migrator.start();
        awaitThrottle(migrator, "(slot-lag)");
        assertNothingMoves(fixture.jdbc(), migrator);
      } finally {
        fixture.value("SELECT pg_drop_replication_slot('slow_consumer')");
      }
      fixture.execute("DROP TRIGGER slow ON t");
      awaitPhase(migrator, "m", Phase.BACKFILL);
    }
  }

  @Test
  void theLogIsWrittenNoFasterThanItMay() {
    try (Fixture fixture = new Fixture()) {
      TABLE.forEach(fixture::execute);
      Migrator migrator =
          fixture.migrator(
              SETTINGS.toBuilder()
                  .backfill(settings(OFF.toBuilder().walRate(1000).build()))
                  .build(),
              change());
      migrator.prepare();
      migrator.start();
      awaitThrottle(migrator, "(wal-rate)");
    }
  }

  @Test
  void itKeepsToItsHours() {
    try (Fixture fixture = new Fixture()) {
      TABLE.forEach(fixture::execute);
      LocalTime soon = LocalTime.now(ZoneId.of("UTC")).plusHours(2);
      BackfillSettings settings =
          settings(OFF).toBuilder()
              .zone(ZoneId.of("UTC"))
              .windows(List.of(new TimeWindow(soon, soon.plusHours(1))))
              .build();
      // As short as a lease may be: who waits keeps what it has.
      MigratorSettings shortLease =
          SETTINGS.toBuilder().leaseTime(Duration.ofSeconds(1)).backfill(settings).build();
      Migrator migrator = fixture.migrator(shortLease, change());
      migrator.prepare();
      migrator.start();
      fixture.migrator(shortLease, change()).start();
      awaitThrottle(migrator, "outside of the hours");
      assertNothingMoves(fixture.jdbc(), migrator);
      assertThat(fixture.value("SELECT max(token) FROM migrator.chunk")).isEqualTo("1");
    }
  }

  @Test
  void itYieldsToThreadsThatWaitForAConnection() {
    try (Fixture fixture = new Fixture()) {
      TABLE.forEach(fixture::execute);
      AtomicInteger waiting = new AtomicInteger();
      Migrator migrator =
          Fixture.builder(fixture.dataSource())
              .declare("bean", change())
              .settings(
                  SETTINGS.toBuilder()
                      .backfill(settings(OFF.toBuilder().poolWaiting(3).build()))
                      .build())
              .poolPressure(waiting::get)
              .build();
      migrator.prepare();
      migrator.start();
      try {
        await(() -> rate(migrator) > 0, () -> "rows to be copied");
        waiting.set(4);
        awaitThrottle(migrator, "(pool-waiting)");
        double before = rate(migrator);
        assertNothingMoves(fixture.jdbc(), migrator);
        await(
            () -> rate(migrator) < before / 2,
            () -> "the rate to fall from " + before + ", but it is " + rate(migrator));
        fixture.execute("DROP TRIGGER slow ON t");
        waiting.set(3);
        awaitPhase(migrator, "m", Phase.BACKFILL);
      } finally {
        migrator.stop();
      }
    }
  }

  /** Ranges that take seconds, so that a session that wants one of their rows is seen to wait. */
  @Test
  void itYieldsToSessionsThatWaitForIt() throws Exception {
    try (Fixture fixture = new Fixture()) {
      TABLE.forEach(fixture::execute);
      fixture.execute(
          "CREATE OR REPLACE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1.5); RETURN NULL; END $$");
      BackfillSettings settings =
          settings(OFF.toBuilder().waitingSessions(1).build()).toBuilder()
              .rangeTarget(Duration.ofSeconds(3))
              .workers(2)
              .build();
      Migrator migrator =
          fixture.migrator(SETTINGS.toBuilder().backfill(settings).build(), change());
      migrator.prepare();
      migrator.start();
      AtomicBoolean stop = new AtomicBoolean();
      List<CompletableFuture<Void>> writers =
          java.util.stream.Stream.of(1, 2, 3)
              .map(it -> CompletableFuture.runAsync(() -> write(fixture, it, stop)))
              .toList();
      try {
        awaitThrottle(migrator, "(waiting-sessions)");
      } finally {
        stop.set(true);
      }
      fixture.execute("DROP TRIGGER slow ON t");
      awaitPhase(migrator, "m", Phase.BACKFILL);
      writers.forEach(CompletableFuture::join);
      assertThat(rowsLeft(fixture.jdbc())).isEqualTo("0");
    }
  }

  /** Rows of all parts of the table but the first take long. */
  @Test
  void itYieldsWhenRowsTakeLongerThanUsual() {
    try (Fixture fixture = new Fixture()) {
      TABLE.forEach(fixture::execute);
      // Enough for a first range to show what is usual.
      fixture.execute(
          "INSERT INTO t SELECT n, 'value ' || n, repeat('x', 400) FROM generate_series(%d, 40000) n"
              .formatted(ROWS + 1));
      Migrator migrator =
          fixture.migrator(
              SETTINGS.toBuilder()
                  .backfill(
                      BackfillSettings.builder()
                          .rangeTarget(Duration.ofSeconds(3))
                          .throttle(OFF.toBuilder().latencyFactor(5).build())
                          .build())
                  .build(),
              change());
      migrator.prepare();
      fixture.execute(
          """
          CREATE OR REPLACE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF EXISTS (SELECT FROM migrator.chunk WHERE finished) THEN PERFORM pg_sleep(2); END IF;
            RETURN NULL;
          END $$
          """);
      migrator.start();
      awaitThrottle(migrator, "(latency-factor)");
      fixture.execute("DROP TRIGGER slow ON t");
      awaitPhase(migrator, "m", Phase.BACKFILL);
    }
  }

  private static void write(Fixture fixture, int row, AtomicBoolean stop) {
    try (Connection connection = fixture.database().dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      while (!stop.get()) {
        // Rows all over the table, and without the trigger that makes the backfill slow.
        statement.execute("SELECT FROM t WHERE id %% 400 = %d FOR NO KEY UPDATE".formatted(row));
        LockSupport.parkNanos(PACE);
      }
    } catch (java.sql.SQLException ex) {
      throw new IllegalStateException(ex);
    }
  }

  @Test
  void anOperatorSetsTheSpeed() {
    try (Fixture fixture = new Fixture()) {
      TABLE.forEach(fixture::execute);
      fixture.execute(
          "CREATE OR REPLACE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.2); RETURN NULL; END $$");
      Migrator migrator =
          fixture.migrator(SETTINGS.toBuilder().backfill(settings(OFF)).build(), change());
      assertThatExceptionOfType(CommandRefusedException.class)
          .isThrownBy(() -> migrator.execute("m", OperatorCommand.speed(50)))
          .withMessageContaining("nothing of it has begun");
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> migrator.execute("m", OperatorCommand.speed(0)));
      assertThat(migrator.execute("unknown", OperatorCommand.speed(50))).isEmpty();
      migrator.prepare();
      migrator.execute("m", OperatorCommand.speed(1));
      migrator.start();
      await(
          () -> fixture.value("SELECT sum(rows_done) > 0 FROM migrator.chunk").equals("t"),
          () -> "a first range");
      assertNothingMoves(fixture.jdbc(), migrator);
      assertThat(migrator.status("m").orElseThrow().backfill().speed()).isEqualTo(1);
      fixture.execute("DROP TRIGGER slow ON t");
      migrator.execute("m", OperatorCommand.speed(100));
      awaitPhase(migrator, "m", Phase.BACKFILL);
    }
  }
}
