package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.OperationLife.run;
import static dev.migrator.internal.engine.OperationLife.steps;
import static dev.migrator.internal.engine.OperationLife.undo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.NewSql;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.CommandRefusedException;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.status.MigrationStatus.State;
import java.sql.Connection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** SQL of the user's own. */
class RawSqlIT {

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text)",
        "INSERT INTO t SELECT n, 'a' || n FROM generate_series(1, 50) n",
        "CREATE VIEW old AS SELECT id FROM t");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static NewSql sql(String sql) {
    return Migration.define("m").sql(sql);
  }

  @Test
  void severalStatementsAreDoneAndUndone() {
    String before = fixture.catalog();
    Migration migration =
        sql("CREATE VIEW v AS SELECT id, ';' AS a FROM t; -- and\n CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$")
            .undo("DROP FUNCTION f(); DROP VIEW v");
    run(fixture, migration);
    assertThat(fixture.value("SELECT count(*) FROM v WHERE f() = 1")).isEqualTo("50");
    assertThat(fixture.value("SELECT count(*) FROM old")).isEqualTo("50");
    assertThat(steps(fixture, migration)).containsExactly("sql");
    assertThat(fixture.value("SELECT table_name FROM migrator.migration")).isEmpty();
    undo(fixture, migration);
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  @Test
  void oneThatFailsLeavesNothing() {
    String before = fixture.catalog();
    Migrator migrator =
        fixture.migrator(
            sql("CREATE VIEW v AS SELECT id FROM t; SELECT nothing").undo("DROP VIEW v"));
    assertThatExceptionOfType(Exception.class).isThrownBy(migrator::prepare);
    assertThat(fixture.catalog()).isEqualTo(before);
    assertThat(migrator.status("m").orElseThrow().state()).isEqualTo(State.FAILED);
  }

  @Test
  void inContractItWaitsForOlderReleases() {
    String before = fixture.catalog();
    Migration other = Migration.define("other").table("t").comment("a table");
    Migration drop = sql("DROP VIEW old").inContract().undo("CREATE VIEW old AS SELECT id FROM t");
    Migrator old = fixture.migrator(other);
    old.prepare();
    old.start();
    Migrator migrator = OperationLife.held(fixture, other, drop);
    assertThat(migrator.status("m").orElseThrow().holds().get(0).message())
        .contains("still may use what its SQL removes");
    assertThat(fixture.value("SELECT count(*) FROM old")).isEqualTo("50");
    old.close();
    Fixture.awaitPhase(migrator, "m", Phase.CONTRACT);
    migrator.close();
    assertThat(fixture.value("SELECT to_regclass('old')")).isEqualTo("NULL");
    undo(fixture, drop);
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  @Test
  void withoutUndoAnUndoIsRefused() {
    Migration migration = sql("UPDATE t SET a = upper(a)").withoutUndo("case is lost");
    run(fixture, migration);
    assertThat(fixture.value("SELECT count(*) FROM t WHERE a LIKE 'A%'")).isEqualTo("50");
    Migrator migrator = fixture.migrator(migration);
    assertThatExceptionOfType(CommandRefusedException.class)
        .isThrownBy(() -> migrator.execute("m", OperatorCommand.UNDO))
        .withMessageContaining("case is lost");
  }

  /** Nobody knows beforehand what it locks, so the lock of the first attempt may be missing. */
  @Test
  void itIsTriedAgainUntilItGetsItsLocks() throws Exception {
    Migrator migrator =
        fixture.migrator(sql("ALTER TABLE t ADD b int").undo("ALTER TABLE t DROP b"));
    try (Connection connection = fixture.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      connection.createStatement().execute("SELECT FROM t");
      Thread start = new Thread(migrator::prepare);
      start.start();
      Fixture.await(
          () ->
              fixture
                  .value(
                      "SELECT coalesce(max(attempts), 0) > 1 FROM migrator.step WHERE name = 'sql'")
                  .equals("t"),
          () -> "a second attempt");
      connection.rollback();
      start.join();
    }
    assertThat(fixture.value("SELECT count(b) FROM t")).isEqualTo("0");
  }

  @Test
  void onlyItsMeaningCountsAsDrift() {
    run(fixture, sql("CREATE VIEW v AS SELECT id FROM t").undo("DROP VIEW v"));
    fixture
        .migrator(sql("CREATE VIEW v AS -- same\n SELECT id\nFROM t;").undo(" DROP VIEW v ;"))
        .prepare();
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(
            () ->
                fixture
                    .migrator(sql("CREATE VIEW v AS SELECT a FROM t").undo("DROP VIEW v"))
                    .prepare())
        .withMessageContaining("EXPAND was changed");
  }

  @Test
  void whatCannotRunIsRefusedWhenItIsDeclared() {
    for (String bad :
        new String[] {
          "COMMIT", "VACUUM t", "SELECT 'open", "CREATE INDEX CONCURRENTLY i ON t (a)"
        }) {
      assertThatExceptionOfType(InvalidMigrationException.class)
          .isThrownBy(() -> sql(bad))
          .withMessageContainingAll("\"m\"", "sql(…)");
    }
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> sql("SELECT 1").undo("ROLLBACK"))
        .withMessageContaining("undo(…)");
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> sql("SELECT 1").withoutUndo(" "));
  }

  /** Nothing of an expression can end what is around it. */
  @Test
  void anExpressionIsOneExpression() {
    fixture.execute("CREATE TABLE victim (a int)");
    String bad = "id > 0); commit; drop table victim; --";
    for (Runnable declaration :
        new Runnable[] {
          () -> Migration.define("m").table("t").addCheck("c", bad),
          () -> Migration.define("m").table("t").addIndex("i").onExpressions(bad),
          () -> Migration.define("m").table("t").addIndex("i").on("a").where(bad),
          () -> Migration.define("m").table("t").setNotNull("a").fillNullsWith(bad),
          () -> Migration.define("m").table("t").setDefault("a", bad),
          () -> Migration.define("m").table("t").addColumn("b", "text); drop table victim; --"),
          () -> dev.migrator.Sync.of("a").with("b").compute("b", bad)
        }) {
      assertThatExceptionOfType(InvalidMigrationException.class)
          .isThrownBy(declaration::run)
          .withMessageContaining("is not one expression");
    }
  }
}
