package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.AUTO;
import static dev.migrator.internal.engine.Fixture.awaitPhase;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.MigrationBuilder;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.status.Hold;
import dev.migrator.status.Hold.Reason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Code in the database of which the catalog does not know what it uses. */
class FunctionUseIT {

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text)",
        "INSERT INTO t VALUES (1, 'x')",
        "CREATE TABLE log (entry text)");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Migration contracted(MigrationBuilder builder) {
    return builder.table("t").renameColumn("a", "b").switchRead().dropColumn("a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO log VALUES (NEW.a);
          RETURN NULL;
        END $$;
        CREATE TRIGGER log_it AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()
        """,
        """
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          UPDATE t SET a = NEW.entry;
          RETURN NULL;
        END $$;
        CREATE TRIGGER log_it AFTER INSERT ON log FOR EACH ROW EXECUTE FUNCTION f()
        """,
        "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT a FROM t LIMIT 1'",
        "CREATE PROCEDURE f() LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('DELETE FROM %I WHERE a = 1', 't'); END $$",
        """
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          EXECUTE format('INSERT INTO log SELECT ($1).%I::text', TG_ARGV[0]) USING NEW;
          RETURN NULL;
        END $$;
        CREATE TRIGGER log_it AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f('a')
        """
      })
  void theContractWaitsUntilItIsChanged(String code) {
    fixture.execute(code);
    Migrator whole = fixture.started(fixture.release(AUTO, "2", contracted(Migration.define("m"))));
    Fixture.await(
        () ->
            whole.status("m").orElseThrow().holds().stream()
                .map(Hold::reason)
                .anyMatch(it -> it == Reason.USED_BY_FUNCTION),
        () -> String.valueOf(whole.status("m")));
    assertThat(whole.status("m").orElseThrow().holds().get(0).message()).contains("f()", "\"a\"");
    assertThat(fixture.value("SELECT count(a) FROM t")).isEqualTo("1");
    fixture.execute("DROP ROUTINE f CASCADE");
    awaitPhase(whole, "m", Phase.CONTRACT);
  }

  @Test
  void whatMeansSomethingElseIsAcknowledged() {
    fixture.execute(
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ DECLARE a int; BEGIN SELECT count(*) INTO a FROM t; RETURN a; END $$");
    Migrator whole =
        fixture.started(
            fixture.release(
                AUTO, "2", contracted(Migration.define("m").acknowledgeFunction("public.f"))));
    awaitPhase(whole, "m", Phase.CONTRACT);
  }

  @Test
  void whatNamesAnotherTableHoldsNothing() {
    fixture.execute(
        "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT a FROM (SELECT entry AS a FROM log) x LIMIT 1'",
        "CREATE FUNCTION g() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) /* a */ FROM t'");
    Migrator whole = fixture.started(fixture.release(AUTO, "2", contracted(Migration.define("m"))));
    awaitPhase(whole, "m", Phase.CONTRACT);
  }
}
