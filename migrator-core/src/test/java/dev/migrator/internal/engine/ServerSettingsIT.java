package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.awaitPhase;
import static dev.migrator.internal.engine.Fixture.awaitState;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.error.UnsupportedDatabaseException;
import dev.migrator.status.MigrationStatus.State;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings that a database has for all sessions, with which a whole life must work. */
@Tag("server-version")
class ServerSettingsIT {

  private final Fixture fixture = Fixture.withoutJournal();

  @AfterEach
  void close() {
    fixture.close();
  }

  /** Triggers would keep nothing in step there. */
  @Test
  void sessionsThatFireNoTriggersAreNamed() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text)",
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET session_replication_role = replica', current_database()); END $$");
    OperationLife.refusedAtStart(
        fixture,
        Migration.define("m").table("t").renameColumn("a", "b"),
        "MIG-1411",
        "every role of database");
  }

  /** Nothing is made to write what somebody has said not to be written. */
  @Test
  void aDefaultOfReadOnlyIsNamed() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text)",
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$");
    try (HikariDataSource pool = fixture.pool(2)) {
      Migrator migrator =
          fixture.migrator(
              pool, Fixture.AUTO, Migration.define("m").table("t").renameColumn("a", "b"));
      assertThatExceptionOfType(UnsupportedDatabaseException.class)
          .isThrownBy(migrator::prepare)
          .withMessageContainingAll("MIG-2009", "default_transaction_read_only");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "default_transaction_isolation = 'serializable'",
        "quote_all_identifiers = on",
        "search_path = ''",
        "search_path = migrator, public",
        "search_path = public, pg_catalog",
        "statement_timeout = '2s'",
        "lock_timeout = '50ms'",
        "transaction_timeout = '1s'",
        "idle_session_timeout = '500ms'",
        "idle_in_transaction_session_timeout = '200ms'",
        "default_transaction_deferrable = on",
        "plan_cache_mode = force_generic_plan",
        "enable_seqscan = off; force_parallel_mode = on; debug_parallel_query = on",
        // How values are written and read.
        "DateStyle = 'SQL, DMY'; IntervalStyle = 'sql_standard'; extra_float_digits = -5; standard_conforming_strings = on; bytea_output = escape; array_nulls = off; xmloption = document",
        "client_min_messages = error; lc_messages = 'C'; row_security = off; default_tablespace = pg_default; default_table_access_method = heap"
      })
  void aWholeLifeWorks(String settings) {
    List<String> known = Stream.of(settings.split("; ")).filter(this::isKnown).toList();
    assumeThat(known).as("the server knows it").isNotEmpty();
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL DEFAULT 'x', n numeric)",
        "CREATE INDEX by_a ON t (a)",
        "INSERT INTO t (id, a) SELECT n, 'v' || n FROM generate_series(1, 2000) n");
    for (String setting : known) {
      fixture.execute(
          "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET "
              + setting.replace("'", "''")
              + "', current_database()); END $$");
    }
    try (HikariDataSource pool = fixture.pool(4)) {
      Migrator migrator =
          fixture.migrator(
              pool,
              Fixture.AUTO,
              Migration.define("m")
                  .table("public", "t")
                  .renameColumn("a", "b")
                  .switchRead()
                  .dropColumn("a"),
              Migration.define("i").table("public", "t").addIndex("by_n").on("n"));
      migrator.prepare();
      migrator.start();
      awaitPhase(migrator, "m", Phase.CONTRACT);
      awaitState(migrator, "i", State.REACHED);
      migrator.close();
    }
    assertThat(fixture.value("SELECT count(*) || ' ' || bool_and(b = 'v' || id) FROM public.t"))
        .isEqualTo("2000 true");
    assertThat(
            fixture.value(
                "SELECT string_agg(indexname, ',' ORDER BY 1) FROM pg_indexes WHERE tablename = 't'"))
        .contains("by_a", "by_n");
  }

  private boolean isKnown(String setting) {
    String name = setting.substring(0, setting.indexOf(' '));
    return fixture
        .value("SELECT count(*) FROM pg_settings WHERE name ILIKE '" + name + "'")
        .equals("1");
  }
}
