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
        """,
        """
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          EXECUTE format('UPDATE %I SET %I = $1', TG_ARGV[0], TG_ARGV[1]) USING NEW.entry;
          RETURN NULL;
        END $$;
        CREATE TRIGGER log_it AFTER INSERT ON log FOR EACH ROW EXECUTE FUNCTION f('t', 'a')
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

  /** Its values would go to what was retired, and nobody would see it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO t VALUES ($1, $2)",
        "INSERT INTO public.t AS x SELECT $1, $2",
        "INSERT INTO t OVERRIDING SYSTEM VALUE VALUES ($1, $2)"
      })
  void whatCountsTheColumnsHoldsTheContract(String statement) {
    fixture.execute(
        "CREATE FUNCTION f(int, text) RETURNS void LANGUAGE sql AS '" + statement + "'");
    Migrator whole = fixture.started(fixture.release(AUTO, "2", contracted(Migration.define("m"))));
    awaitHold(whole, "f(integer,text) counts on the places of all columns in line 1");
    fixture.value("SELECT f(2, 'y')");
    assertThat(fixture.value("SELECT b FROM t WHERE id = 2")).isEqualTo("y");
    fixture.execute("DROP FUNCTION f");
    awaitPhase(whole, "m", Phase.CONTRACT);
  }

  /** No text of it says anything of the column. */
  @Test
  void theArgumentsOfTriggersOfTheServersOwnFunctionsAreRead() {
    fixture.execute(
        "ALTER TABLE t ADD words tsvector",
        "CREATE TRIGGER words BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger(words, 'pg_catalog.english', a)");
    Migrator whole = fixture.started(fixture.release(AUTO, "2", contracted(Migration.define("m"))));
    awaitHold(whole, "tsvector_update_trigger() gets \"a\" as an argument of the trigger words");
    fixture.execute(
        "CREATE OR REPLACE TRIGGER words BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger(words, 'pg_catalog.english', b)");
    awaitPhase(whole, "m", Phase.CONTRACT);
    fixture.execute("UPDATE t SET b = 'words'");
    assertThat(fixture.value("SELECT words FROM t")).isEqualTo("'word':1");
  }

  @Test
  void aTriggerOfOnePartitionIsOneOfTheTable() {
    fixture.execute(
        "DROP TABLE t",
        "CREATE TABLE t (id int, a text) PARTITION BY RANGE (id)",
        "CREATE TABLE low PARTITION OF t FOR VALUES FROM (0) TO (10)",
        "INSERT INTO t VALUES (1, 'x')",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log VALUES (NEW.a); RETURN NULL; END $$",
        "CREATE TRIGGER log_it AFTER INSERT ON low FOR EACH ROW EXECUTE FUNCTION f()");
    Migrator whole = fixture.started(fixture.release(AUTO, "2", contracted(Migration.define("m"))));
    awaitHold(whole, "f() names \"a\" in line 1");
    fixture.execute("DROP FUNCTION f CASCADE");
    awaitPhase(whole, "m", Phase.CONTRACT);
  }

  @Test
  void aNameWithQuotesIsFound() {
    fixture.execute(
        "CREATE TABLE \"we\"\"ird\" (id int PRIMARY KEY, a text)",
        "INSERT INTO \"we\"\"ird\" VALUES (1, 'x')",
        "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'UPDATE \"we\"\"ird\" SET a = 1'");
    Migration change =
        Migration.define("m").table("we\"ird").renameColumn("a", "b").switchRead().dropColumn("a");
    Migrator whole = fixture.started(fixture.release(AUTO, "2", change));
    awaitHold(whole, "f() names \"a\" in line 1");
  }

  private static void awaitHold(Migrator migrator, String message) {
    Fixture.await(
        () ->
            migrator.status("m").orElseThrow().holds().stream()
                .anyMatch(it -> it.message().contains(message)),
        () -> String.valueOf(migrator.status("m")));
  }
}
