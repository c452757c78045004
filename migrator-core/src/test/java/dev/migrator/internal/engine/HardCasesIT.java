package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.SETTINGS;
import static dev.migrator.internal.engine.Fixture.awaitPhase;
import static dev.migrator.internal.engine.Fixture.awaitState;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.Sync;
import dev.migrator.error.CommandRefusedException;
import dev.migrator.status.MigrationStatus.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each of these lost or blocked something once, or would have. */
@Tag("server-version")
class HardCasesIT extends HardCases {

  @Test
  void aColumnThatIsThereAlreadyIsRefused() {
    fixture.execute("CREATE TABLE t (id int PRIMARY KEY, a text, b text DEFAULT '')");
    refused(
        Migration.define("m").table("t").addColumn("b", "text").dualWrite("a", "b"),
        "m-bean",
        "already has a column \"b\" of type text",
        "dropColumn(\"b\")");
  }

  @Test
  void aTriggerThatFiresBehindOursIsRefused() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text)",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.a := lower(NEW.a); RETURN NEW; END $$",
        "CREATE TRIGGER \"über\" BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()");
    refused(rename(), "trigger über", "sorts behind");
  }

  @Test
  void whatCannotBeCopiedWithoutHarmIsRefused() {
    fixture.execute(
        "CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%')",
        "CREATE TABLE t (id int PRIMARY KEY, a text UNIQUE DEFERRABLE, e email)");
    refused(rename(), "deferrable", "t_a_key");
    refused(Migration.define("m").table("t").renameColumn("e", "e2"), "domain with constraints");
    refused(
        Migration.define("m")
            .table("t")
            .addColumn("x", "text")
            .dualWrite(Sync.of("e").with("x").compute("x", "upper(e)").compute("e", "lower(x)")),
        "domain with constraints");
  }

  @Test
  void aCheckOverBothColumnsHoldsTheNextPhase() {
    fixture.execute("CREATE TABLE t (id int PRIMARY KEY, a text)");
    fixture.reach(Phase.SWITCH_READ, rename().switchRead());
    fixture.execute("ALTER TABLE t ADD CONSTRAINT both_sides CHECK (a IS NOT DISTINCT FROM b)");

    Migrator migrator = contracting(rename().switchRead().dropColumn("a"), Duration.ZERO);

    awaitState(migrator, "m", State.FAILED);
    assertThat(migrator.status("m").orElseThrow().holds().get(0).message())
        .contains("both_sides", "both columns");
  }

  /** NULL in all new columns is a value like others where the way back gives one. */
  @Test
  void aNewRowOfNullsIsNotRejectedByTheOldSidesNotNull() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL)",
        "INSERT INTO t VALUES (1, 'Ada Lovelace')");
    fixture.reach(Phase.SWITCH_READ, split().switchRead());

    fixture.execute("INSERT INTO t (id, first, last) VALUES (2, NULL, NULL)");
    assertThat(fixture.value("SELECT a FROM t WHERE id = 2")).isEmpty();

    Migrator migrator = contracting(split().switchRead().dropColumn("a"), Duration.ofHours(1));
    awaitPhase(migrator, "m", Phase.CONTRACT);
    fixture.execute("INSERT INTO t (id) VALUES (3)");
    migrator.execute("m", OperatorCommand.UNDO);
    Fixture.await(
        () -> migrator.status("m").orElseThrow().phase() == Phase.SWITCH_READ,
        () -> String.valueOf(migrator.status("m")));
    assertThat(fixture.value("SELECT concat('<', a, '>') FROM t ORDER BY id"))
        .isEqualTo("<Ada Lovelace>,<>,<>");
  }

  @Test
  void anIndexAndAForeignKeyOfOneNameBothComeBack() {
    fixture.execute(
        "CREATE TABLE p (code text PRIMARY KEY)",
        "CREATE TABLE t (id int PRIMARY KEY, a text CONSTRAINT same_name REFERENCES p)",
        "CREATE INDEX same_name ON t (a)",
        "CREATE INDEX dropped_later ON t (a, id)",
        "INSERT INTO t VALUES (1, NULL)");
    Migrator migrator = contracting(rename().switchRead().dropColumn("a"), Duration.ofHours(1));
    awaitPhase(migrator, "m", Phase.CONTRACT);
    fixture.execute("DROP INDEX dropped_later");

    migrator.execute("m", OperatorCommand.UNDO);

    Fixture.await(
        () -> migrator.status("m").orElseThrow().phase() == Phase.SWITCH_READ,
        () -> String.valueOf(migrator.status("m")));
    assertThat(fixture.catalog())
        .contains("same_name on t: FOREIGN KEY (a)", "INDEX same_name ON public.t USING btree (a)");
  }

  @Test
  void aColumnThatALaterChangeWasBuiltOnDoesNotComeBack() {
    fixture.execute("CREATE TABLE t (id int PRIMARY KEY, a text)", "INSERT INTO t VALUES (1, 'x')");
    Migration first = rename().switchRead().dropColumn("a");
    Migrator migrator = contracting(first, Duration.ofHours(1));
    awaitPhase(migrator, "m", Phase.CONTRACT);
    migrator.close();
    fixture.migrator(first, Migration.define("later").table("t").renameColumn("b", "c")).prepare();

    assertThatExceptionOfType(CommandRefusedException.class)
        .isThrownBy(() -> migrator.execute("m", OperatorCommand.UNDO))
        .withMessageContaining("\"later\"");
  }

  /** While one row of the range stays locked, an update of another one gets through. */
  @Test
  void aRangeThatWaitsForARowLetsGoOfTheOthers() throws SQLException {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text)",
        "INSERT INTO t SELECT n, 'x' FROM generate_series(1, 400) n");
    Migrator migrator = fixture.migrator(SETTINGS, rename());
    migrator.prepare();
    try (Connection connection = fixture.database().dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SELECT FROM t WHERE id = 400 FOR UPDATE");
      migrator.start();
      Fixture.await(
          () ->
              fixture
                  .value(
                      "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'migrator' AND wait_event_type = 'Lock'")
                  .equals("1"),
          () -> "the backfill to wait");
      fixture.execute("SET LOCAL lock_timeout = '20s'; UPDATE t SET a = 'y' WHERE id = 1");
      connection.rollback();
    }
    awaitPhase(migrator, "m", Phase.BACKFILL);
    assertThat(fixture.value("SELECT count(*) FROM t WHERE a IS DISTINCT FROM b")).isEqualTo("0");
  }

  /** The server ends whoever looks first, and that must not be the application. */
  @Test
  void theApplicationIsNeverTheVictimOfADeadlock() throws SQLException {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text)",
        "INSERT INTO t SELECT n, 'x' FROM generate_series(1, 400) n",
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = ''100ms''', current_database()); END $$");
    Migrator migrator =
        fixture.migrator(
            fixture.pool(3),
            SETTINGS.toBuilder().lock(it -> it.budget(Duration.ofSeconds(3))).build(),
            rename());
    migrator.prepare();
    try (Connection connection = fixture.database().dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SELECT FROM t WHERE id = 400 FOR UPDATE");
      migrator.start();
      Fixture.await(
          () ->
              fixture
                  .value(
                      """
                      SELECT (SELECT count(*) FROM t WHERE b IS NOT NULL) > 0
                          OR EXISTS (SELECT FROM pg_stat_activity
                                      WHERE application_name = 'migrator' AND wait_event_type = 'Lock'
                                        AND clock_timestamp() - query_start > '200ms')
                      """)
                  .equals("t"),
          () -> "the backfill to have waited");
      statement.execute("UPDATE t SET a = 'y' WHERE id = 1");
      connection.commit();
    }
    awaitPhase(migrator, "m", Phase.BACKFILL);
    assertThat(fixture.value("SELECT count(*) FROM t WHERE a IS DISTINCT FROM b")).isEqualTo("0");
  }

  @Test
  void theJournalFitsIntoASchemaThatSomebodyElseMade() {
    fixture.execute(
        "DROP SCHEMA migrator CASCADE",
        "CREATE SCHEMA migrator",
        "CREATE TABLE t (id int PRIMARY KEY, a text)");
    fixture.reach(Phase.BACKFILL, rename());
  }

  @Test
  void pauseIsHeardByAStepThatWaitsForItsLock() throws SQLException {
    fixture.execute("CREATE TABLE t (id int PRIMARY KEY, a text)");
    fixture.reach(Phase.SWITCH_READ, rename().switchRead());
    try (Connection connection = fixture.database().dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SELECT FROM t");
      Migrator migrator = contracting(rename().switchRead().dropColumn("a"), Duration.ZERO);
      Fixture.await(
          () ->
              migrator.status("m").orElseThrow().steps().stream()
                  .anyMatch(it -> it.name().equals("retire-columns") && it.attempts() > 1),
          () -> String.valueOf(migrator.status("m")));
      migrator.execute("m", OperatorCommand.PAUSE);
      connection.rollback();
      Fixture.await(() -> migrator.status().leader() == null, () -> "the worker to rest");
      assertThat(migrator.status("m").orElseThrow().phase()).isEqualTo(Phase.SWITCH_READ);
    }
  }
}
