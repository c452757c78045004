package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.SETTINGS;
import static dev.migrator.internal.engine.Fixture.await;
import static dev.migrator.internal.engine.Fixture.awaitPhase;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.PoolPressure;
import dev.migrator.internal.sql.ObjectNames;
import dev.migrator.settings.BackfillSettings;
import dev.migrator.settings.ThrottleSettings;
import dev.migrator.status.BackfillStatus;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A backfill spares the commits of others, where there are others, and says so. */
class CommitSteeringIT {

  private static final String PROBE = "FOR KEY SHARE SKIP LOCKED";

  /** More than 16 MB. */
  private static final int MANY = 40_000;

  private final Fixture fixture = new Fixture();

  private final CountingDataSource counting = new CountingDataSource(fixture.dataSource());

  private volatile boolean trafficEnds;

  private @Nullable CompletableFuture<Void> traffic;

  @AfterEach
  void close() {
    endTraffic();
    fixture.close();
  }

  private static Migration change() {
    return Migration.define("m").table("t").renameColumn("a", "b");
  }

  private static BackfillSettings settings(int rangeMillis, double factor) {
    return BackfillSettings.builder()
        .rangeTarget(Duration.ofMillis(rangeMillis))
        .throttle(ThrottleSettings.none().toBuilder().commitLatencyFactor(factor).build())
        .build();
  }

  private void table(int rows) {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text, filler text)",
        "INSERT INTO t SELECT n, 'value ' || n, repeat('x', 400) FROM generate_series(1, %d) n"
            .formatted(rows));
  }

  /** Or it would be over too soon. */
  private void tableOfSlowRanges() {
    table(MANY);
    fixture.execute(
        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.02); RETURN NULL; END $$",
        "CREATE TRIGGER slow AFTER UPDATE ON t FOR EACH STATEMENT EXECUTE FUNCTION slow()");
  }

  /** An application that writes to another table. */
  private void traffic() {
    fixture.execute("CREATE TABLE other (n int)", "INSERT INTO other VALUES (0)");
    traffic = CompletableFuture.runAsync(this::write);
  }

  private void write() {
    try (Connection connection = fixture.database().dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      while (!trafficEnds) {
        statement.execute("UPDATE other SET n = n + 1");
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      }
    } catch (SQLException ex) {
      throw new IllegalStateException(ex);
    }
  }

  private void endTraffic() {
    trafficEnds = true;
    if (traffic != null) {
      traffic.join();
    }
  }

  private Migrator migrator(BackfillSettings backfill, PoolPressure pool) {
    return Fixture.builder(counting)
        .declare("bean", change())
        .settings(SETTINGS.toBuilder().backfill(backfill).build())
        .poolPressure(pool)
        .build();
  }

  private static Migrator migrator(DataSource dataSource) {
    return Fixture.builder(dataSource)
        .declare("bean", change())
        .settings(SETTINGS.toBuilder().backfill(settings(1, 1.5)).build())
        .build();
  }

  private void copied(BackfillSettings backfill, PoolPressure pool) {
    Migrator migrator = migrator(backfill, pool);
    try {
      migrator.prepare();
      migrator.start();
      awaitPhase(migrator, "m", Phase.BACKFILL);
      assertThat(fixture.value("SELECT count(*) FROM t WHERE b IS DISTINCT FROM a")).isEqualTo("0");
    } finally {
      migrator.stop();
    }
  }

  private static double rate(Migrator migrator) {
    BackfillStatus backfill = migrator.status("m").orElseThrow().backfill();
    return (backfill == null) ? 0 : backfill.rowsPerSecond();
  }

  private static String throttle(Migrator migrator) {
    BackfillStatus backfill = migrator.status("m").orElseThrow().backfill();
    return (backfill == null) ? "" : String.valueOf(backfill.throttle());
  }

  @Test
  @Tag("server-version")
  void slowCommitsAreSparedWhileOthersCommit() {
    tableOfSlowRanges();
    Migrator migrator = migrator(new SlowBesideRanges());
    migrator.prepare();
    migrator.start();
    try {
      await(() -> rate(migrator) > 0, () -> "a first range");
      double alone = rate(migrator);
      assertThat(throttle(migrator)).isEqualTo("null");
      traffic();
      await(
          () -> throttle(migrator).contains("works 2 % of the time: of small commits, "),
          () -> "it to give way, but: " + migrator.status("m"));
      assertThat(throttle(migrator))
          .endsWith("no more than 1.5 times as long (commit-latency-factor)");
      // So does what is said of the time left.
      await(
          () -> rate(migrator) < alone / 2,
          () -> "a rate far below " + alone + ", but: " + migrator.status("m"));
      endTraffic();
      await(
          () -> throttle(migrator).equals("null"),
          () -> "full speed, but: " + migrator.status("m"));
      fixture.execute("DROP TRIGGER slow ON t");
      awaitPhase(migrator, "m", Phase.BACKFILL);
      assertThat(fixture.value("SELECT count(*) FROM t WHERE b IS DISTINCT FROM a")).isEqualTo("0");
    } finally {
      migrator.stop();
    }
  }

  @Test
  void commitsAreMeasuredAlsoWhereTheyAreAlwaysSlow() {
    tableOfSlowRanges();
    traffic();
    Migrator migrator = migrator(new SlowProbe());
    migrator.prepare();
    migrator.start();
    try {
      await(
          () -> throttle(migrator).contains("of the time until it is known"),
          () -> "it to be measured, but: " + migrator.status("m"));
    } finally {
      migrator.stop();
    }
  }

  @Test
  void whoIsNotSlowedDownIsMeasuredOnly() {
    table(MANY);
    traffic();
    copied(settings(5, 1000), PoolPressure.UNKNOWN);
    assertThat(counting.count(PROBE)).isPositive();
  }

  @Test
  void nothingIsMeasuredWhereNobodyElseCommits() {
    table(MANY);
    copied(settings(5, 1.5), PoolPressure.UNKNOWN);
    assertThat(counting.count(PROBE)).isZero();
  }

  @Test
  void aSmallTableIsDoneAtOnce() {
    table(MANY / 4);
    traffic();
    copied(settings(1, 1.5), PoolPressure.UNKNOWN);
    assertThat(counting.count(PROBE)).isZero();
  }

  @Test
  void nothingIsMeasuredIfNobodyWantsIt() {
    table(MANY);
    traffic();
    copied(settings(5, 0), PoolPressure.UNKNOWN);
    assertThat(counting.count(PROBE)).isZero();
  }

  @Test
  void aSmallPoolIsLeftToTheApplication() {
    table(MANY);
    traffic();
    copied(settings(5, 1.5), new Pool(0, 2));
    assertThat(counting.count(PROBE)).isZero();
  }

  /** What cannot be measured holds up nothing. */
  @Test
  void noConnectionIsTakenFromThreadsThatWait() {
    table(MANY);
    traffic();
    copied(settings(5, 1.5), new Pool(1, 10));
    assertThat(counting.count(PROBE)).isZero();
  }

  /** As of a standby far away. */
  private final class SlowProbe extends ProxiedDataSource {

    SlowProbe() {
      super(fixture.dataSource());
    }

    @Override
    @Nullable Object on(Call call) throws Throwable {
      if (Thread.currentThread().getName().equals("migrator-commit-probe")
          && call.name().equals("commit")) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(60));
      }
      return call.proceed();
    }
  }

  private record Pool(int waiting, int connections) implements PoolPressure {}

  /** Has a commit that is measured take long while a range runs. */
  private final class SlowBesideRanges extends ProxiedDataSource {

    private volatile boolean ranges;

    SlowBesideRanges() {
      super(fixture.dataSource());
    }

    @Override
    @Nullable Object on(Call call) throws Throwable {
      String thread = Thread.currentThread().getName();
      if (thread.equals("migrator-commit-probe") && call.name().equals("commit") && ranges) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(15));
      }
      if (thread.startsWith("migrator-backfill-")) {
        if (call.executes() && call.sql().contains(ObjectNames.BACKFILL_MARK)) {
          ranges = true;
        } else if (call.name().equals("commit")) {
          ranges = false;
        }
      }
      return call.proceed();
    }
  }
}
