package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.await;
import static dev.migrator.internal.engine.Fixture.awaitPhase;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.status.BackfillStatus;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that stay locked for the whole run stop no other row, and are come back to. */
class LockedRowsIT {

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text, other int)",
        "INSERT INTO t SELECT n, 'value ' || n, 0 FROM generate_series(1, 100000) n");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private BackfillStatus backfill(Migrator migrator) {
    return migrator.status("m").orElseThrow().backfill();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT FROM t WHERE id IN (1, 50000, 99999) FOR UPDATE",
        "UPDATE t SET other = 1 WHERE id IN (1, 50000, 99999)",
        "DELETE FROM t WHERE id IN (1, 50000, 99999)",
        "UPDATE t SET id = -id WHERE id IN (1, 50000, 99999)"
      })
  void allOthersAreCopiedMeanwhile(String lock) throws SQLException {
    Migrator migrator = fixture.migrator(Migration.define("m").table("t").renameColumn("a", "b"));
    migrator.prepare();
    try (Connection connection = fixture.database().dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(lock);
      migrator.start();
      await(
          () ->
              fixture
                  .value("SELECT count(*) FROM t WHERE b IS NOT DISTINCT FROM a")
                  .equals("99997"),
          () -> "the others, but it is " + backfill(migrator));
      await(
          () -> backfill(migrator) != null && backfill(migrator).blocksWaiting() == 3,
          () -> "three blocks to wait, but it is " + backfill(migrator));
      assertThat(migrator.status("m").orElseThrow().phase()).isEqualTo(Phase.DUAL_WRITE);
      // Rolled back, so that the very versions from before are there again.
      connection.rollback();
    }
    awaitPhase(migrator, "m", Phase.BACKFILL);
    assertThat(fixture.value("SELECT count(*) FROM t WHERE b IS DISTINCT FROM a")).isEqualTo("0");
    assertThat(fixture.value("SELECT rows_done FROM migrator.backfill")).isEqualTo("100000");
  }

  /** The ranges that are worked on meanwhile lock rows, too, but nothing waits for them. */
  @Test
  void onlyWhoHasTheRowIsNamed() throws SQLException {
    fixture.execute(
        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.15); RETURN NULL; END $$",
        "CREATE TRIGGER slow AFTER UPDATE ON t FOR EACH STATEMENT EXECUTE FUNCTION slow()");
    Migrator migrator = fixture.migrator(Migration.define("m").table("t").renameColumn("a", "b"));
    migrator.prepare();
    Set<String> named = new TreeSet<>();
    try (Connection connection = fixture.database().dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SET application_name = 'report'");
      statement.execute("SELECT FROM t WHERE id = 1 FOR UPDATE");
      migrator.start();
      await(
          () -> {
            migrator.status("m").orElseThrow().steps().stream()
                .flatMap(it -> it.blockers().stream())
                .forEach(it -> named.add(it.application()));
            return fixture
                .value("SELECT count(*) FROM t WHERE b IS NOT DISTINCT FROM a")
                .equals("99999");
          },
          () -> "the others, but it is " + backfill(migrator));
      connection.rollback();
    }
    assertThat(named).containsExactly("report");
    fixture.execute("DROP TRIGGER slow ON t");
    awaitPhase(migrator, "m", Phase.BACKFILL);
  }
}
