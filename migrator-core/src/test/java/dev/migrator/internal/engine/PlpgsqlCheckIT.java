package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.settings.ContractMode;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.MigrationStatus.State;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What {@code plpgsql_check} says holds the contract. The extension is not part of the servers that
 * tests have: a function with its name, arguments and result stands for it, which has the server
 * analyze what a function returns.
 */
@Tag("server-version")
class PlpgsqlCheckIT {

  private static final MigratorSettings AUTO =
      Fixture.SETTINGS.toBuilder()
          .contract(it -> it.mode(ContractMode.AUTO).retention(Duration.ZERO))
          .build();

  private static final Migration.ReadSwitched RENAMED =
      Migration.define("m").table("t").renameColumn("a", "b").switchRead();

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void functions() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text)",
        "INSERT INTO t VALUES (1, 'x')",
        "CREATE VIEW whole AS SELECT t AS rows FROM t",
        // Neither names the table, so their text says nothing.
        "CREATE FUNCTION hidden() RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT (rows).a FROM whole LIMIT 1); END'",
        "CREATE FUNCTION harmless() RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT x.a FROM (SELECT 1 AS a) AS x); END'",
        "CREATE FUNCTION broken() RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT a FROM (SELECT 1 AS c) AS x); END'");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private void install() {
    fixture.execute(
        """
        CREATE FUNCTION plpgsql_check_function_tb(
            funcoid regprocedure, relid regclass DEFAULT 0, fatal_errors boolean DEFAULT true,
            other_warnings boolean DEFAULT true, performance_warnings boolean DEFAULT false,
            extra_warnings boolean DEFAULT true)
          RETURNS TABLE (functionid regproc, lineno integer, sqlstate text, message text)
          LANGUAGE plpgsql AS $$
        BEGIN
          EXECUTE 'SELECT ' || (SELECT substring(prosrc FROM 'RETURN (.*); END') FROM pg_proc WHERE oid = funcoid);
        EXCEPTION WHEN undefined_column THEN
          RETURN QUERY SELECT funcoid::regproc, 1, '42703', sqlerrm;
        END $$""");
  }

  private void belongsToTheExtension() {
    fixture.execute(
        """
        DO $$ BEGIN
          SET LOCAL allow_system_table_mods = on;
          INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
          VALUES (4000000000, 'plpgsql_check', 10, 'public'::regnamespace, false, '2');
        END $$""",
        "ALTER EXTENSION plpgsql_check ADD FUNCTION plpgsql_check_function_tb(regprocedure, regclass, boolean, boolean, boolean, boolean)");
  }

  private Migrator contracts(Migration migration) {
    Migrator migrator = fixture.migrator(AUTO, migration);
    migrator.prepare();
    migrator.start();
    return migrator;
  }

  @Test
  void whatTheTextDoesNotShowHoldsTheContract() {
    install();
    belongsToTheExtension();
    Migrator migrator = contracts(RENAMED.dropColumn("a"));
    Fixture.awaitState(migrator, "m", State.FAILED);
    assertThat(String.valueOf(migrator.status("m").orElseThrow().holds()))
        .contains("MIG-6016", "public.hidden() (line 1: ")
        .doesNotContain("harmless", "broken");
    assertThat(fixture.value("SELECT hidden()")).as("nothing has changed").isEqualTo("x");
    fixture.execute(
        "CREATE OR REPLACE FUNCTION hidden() RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT (rows).b FROM whole LIMIT 1); END'");
    migrator.execute("m", OperatorCommand.RETRY);
    Fixture.awaitPhase(migrator, "m", Phase.CONTRACT);
  }

  /** A function of anybody with that name is not called. */
  @Test
  void whatIsNotOfTheExtensionIsNotAsked() {
    install();
    contracts(RENAMED.dropColumn("a"));
    Fixture.await(
        () -> fixture.value("SELECT phase FROM migrator.migration").equals("CONTRACT"),
        () -> fixture.value("SELECT failure FROM migrator.migration"));
  }
}
