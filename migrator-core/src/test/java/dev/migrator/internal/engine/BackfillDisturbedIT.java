package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.SETTINGS;
import static dev.migrator.internal.engine.Fixture.await;
import static dev.migrator.internal.engine.Fixture.awaitPhase;
import static dev.migrator.internal.engine.Fixture.awaitState;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.settings.BackfillSettings;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.MigrationStatus.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** What happens to a table, to connections and to other changes while rows are copied. */
class BackfillDisturbedIT {

  private static final MigratorSettings SMALL_RANGES =
      SETTINGS.toBuilder()
          .backfill(BackfillSettings.builder().rangeTarget(Duration.ofMillis(1)).workers(2).build())
          .build();

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    fixture.execute(
        """
        CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_sleep(0.01); RETURN NULL; END $$
        """);
    table("t");
  }

  private void table(String name) {
    fixture.execute(
        "CREATE TABLE %s (id int PRIMARY KEY, a text, filler text)".formatted(name),
        "INSERT INTO %s SELECT n, 'value ' || n, repeat('x', 400) FROM generate_series(1, 20000) n"
            .formatted(name),
        "CREATE TRIGGER slow AFTER UPDATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION slow()"
            .formatted(name));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Migration change(String table) {
    return Migration.define(table).table(table).renameColumn("a", "b");
  }

  private void awaitRows(String table) {
    await(
        () ->
            fixture
                .value(
                    "SELECT coalesce(sum(rows_done), 0) > 0 FROM migrator.chunk WHERE migration_id = '%s'"
                        .formatted(table))
                .equals("t"),
        () -> "the first rows of " + table);
  }

  private void assertAllIsDone(String table) {
    assertThat(fixture.value("SELECT count(*) FROM %s WHERE a IS DISTINCT FROM b".formatted(table)))
        .isEqualTo("0");
    assertThat(
            fixture.value(
                "SELECT rows_verified = (SELECT count(*) FROM %s) FROM migrator.backfill WHERE migration_id = '%s'"
                    .formatted(table, table)))
        .isEqualTo("t");
  }

  /**
   * Rows change their places, and the table gets shorter than it was when its chunks were
   * allocated.
   */
  @Test
  void theTableIsRewrittenAndCutOff() {
    fixture.execute("DELETE FROM t WHERE id % 3 = 0");
    Migrator migrator = fixture.migrator(SMALL_RANGES, change("t"));
    migrator.prepare();
    migrator.start();
    awaitRows("t");
    fixture.execute("VACUUM FULL t");
    fixture.execute("DELETE FROM t WHERE id > 15000");
    fixture.execute("VACUUM t");
    fixture.execute("CLUSTER t USING t_pkey");
    assertThat(fixture.value("SELECT count(*) > 0 FROM t WHERE b IS NULL"))
        .as("in the middle of it")
        .isEqualTo("t");
    fixture.execute("DROP TRIGGER slow ON t");
    awaitPhase(migrator, "t", Phase.BACKFILL);
    assertAllIsDone("t");
  }

  @Test
  void theTableIsEmptiedAndFilledAgain() {
    Migrator migrator = fixture.migrator(SMALL_RANGES, change("t"));
    migrator.prepare();
    migrator.start();
    awaitRows("t");
    // In one transaction, or the verification may run while it is empty, and be right.
    fixture.execute(
        """
        DROP TRIGGER slow ON t;
        TRUNCATE t;
        INSERT INTO t (id, a) SELECT n, 'new' FROM generate_series(1, 25000) n""");
    awaitPhase(migrator, "t", Phase.BACKFILL);
    assertAllIsDone("t");
  }

  /** The change fails and says why; another one goes on. */
  @Test
  void theTableIsDropped() {
    table("u");
    Migrator migrator = fixture.migrator(SMALL_RANGES, change("t"), change("u"));
    migrator.prepare();
    migrator.start();
    awaitRows("t");
    fixture.execute("DROP TABLE t");
    awaitState(migrator, "t", State.FAILED);
    assertThat(migrator.status("t").orElseThrow().holds().get(0).message())
        .contains("public.t", "does not exist");
    fixture.execute("DROP TRIGGER slow ON u");
    awaitPhase(migrator, "u", Phase.BACKFILL);
    assertAllIsDone("u");
  }

  /** Nothing is left to do of a table that is gone, which must not look like all being done. */
  @Test
  void theTableIsDroppedBetweenTheLastRangeAndTheEnd() {
    Migrator migrator = fixture.migrator(SMALL_RANGES, change("t"));
    migrator.prepare();
    migrator.start();
    awaitRows("t");
    fixture.execute(
        """
        CREATE FUNCTION drop_it() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN DROP TABLE IF EXISTS public.t; RETURN NEW; END $$
        """,
        """
        CREATE TRIGGER drop_it BEFORE UPDATE ON migrator.backfill
        FOR EACH ROW WHEN (NEW.finished_at IS NOT NULL) EXECUTE FUNCTION drop_it()
        """,
        "DROP TRIGGER slow ON t");
    awaitState(migrator, "t", State.FAILED);
    assertThat(migrator.status("t").orElseThrow().holds().get(0).message())
        .contains("public.t", "does not exist", "undo");
    for (Phase phase : List.of(Phase.DUAL_WRITE, Phase.EXPAND)) {
      migrator.execute("t", OperatorCommand.UNDO);
      await(
          () ->
              migrator.status("t").filter(it -> it.phase() == phase).stream()
                  .anyMatch(it -> it.state() == State.HELD),
          () -> "undone to " + phase + ": " + migrator.status("t"));
    }
  }

  /** One is paused in the middle, the next one begins, and the first goes on beside it. */
  @Test
  void twoChangesAtOnce() {
    table("u");
    Migrator migrator = fixture.migrator(SMALL_RANGES, change("t"), change("u"));
    migrator.prepare();
    migrator.start();
    awaitRows("t");
    migrator.execute("t", OperatorCommand.PAUSE);
    awaitRows("u");
    migrator.execute("t", OperatorCommand.RESUME);
    String before =
        fixture.value("SELECT sum(rows_done) FROM migrator.chunk WHERE migration_id = 't'");
    await(
        () ->
            !fixture
                .value("SELECT sum(rows_done) FROM migrator.chunk WHERE migration_id = 't'")
                .equals(before),
        () -> "the first one to go on");
    fixture.execute("DROP TRIGGER slow ON t", "DROP TRIGGER slow ON u");
    for (String table : List.of("t", "u")) {
      awaitPhase(migrator, table, Phase.BACKFILL);
      assertAllIsDone(table);
    }
  }

  @Test
  void connectionsAreCut() {
    Migrator migrator =
        fixture.migrator(
            fixture.pool(3),
            SMALL_RANGES.toBuilder().leaseTime(Duration.ofSeconds(2)).build(),
            change("t"));
    migrator.prepare();
    migrator.start();
    for (int i = 0; i < 3; i++) {
      await(
          () ->
              fixture
                  .value(
                      "SELECT count(pg_terminate_backend(pid)) > 0 FROM pg_stat_activity WHERE application_name = 'migrator' AND datname = current_database()")
                  .equals("t"),
          () -> "a range to be cut off");
    }
    fixture.execute("DROP TRIGGER slow ON t");
    awaitPhase(migrator, "t", Phase.BACKFILL);
    assertAllIsDone("t");
  }

  /** The application has all connections of the pool that it shares with the migrator. */
  @Test
  void thePoolHasNoConnectionToGive() throws SQLException {
    HikariDataSource pool = fixture.pool(2);
    pool.setConnectionTimeout(250);
    AtomicInteger refused = new AtomicInteger();
    DelegatingDataSource counting =
        new DelegatingDataSource(pool) {
          @Override
          public Connection getConnection() throws SQLException {
            try {
              return super.getConnection();
            } catch (SQLException ex) {
              refused.incrementAndGet();
              throw ex;
            }
          }
        };
    Migrator migrator = fixture.migrator(counting, SMALL_RANGES, change("t"));
    migrator.prepare();
    migrator.start();
    awaitRows("t");
    List<Connection> taken = new ArrayList<>();
    while (taken.size() < 2) {
      try {
        taken.add(pool.getConnection());
      } catch (SQLException ex) {
        // The migrator had it just then.
        continue;
      }
    }
    await(() -> refused.get() > 5, () -> "the migrator to be refused");
    for (Connection connection : taken) {
      connection.close();
    }
    fixture.execute("DROP TRIGGER slow ON t");
    // By another pool: this one may refuse whoever looks, too.
    awaitPhase(fixture.migrator(change("t")), "t", Phase.BACKFILL);
    assertAllIsDone("t");
  }
}
