package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.AUTO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.error.ErrorCode;
import dev.migrator.error.MigratorException;
import dev.migrator.settings.Adopt;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.MigrationStatus.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files and list of Supabase's CLI, the table as that makes it, and what it could look like. */
@Tag("server-version")
class SupabaseIT {

  private static final MigratorSettings SETTINGS =
      AUTO.toBuilder().sql(it -> it.adopt(Adopt.SUPABASE)).build();

  private static final String DUMP =
      """
      SET statement_timeout = 0;
      SET lock_timeout = 0;
      SET client_encoding = 'UTF8';
      SET standard_conforming_strings = on;
      SELECT pg_catalog.set_config('search_path', '', false);
      SET check_function_bodies = false;
      SET row_security = off;

      CREATE TABLE IF NOT EXISTS "public"."profiles" ("id" bigint NOT NULL PRIMARY KEY, "fax" text);

      RESET ALL;
      """;

  private final Fixture fixture = Fixture.withoutJournal();

  @TempDir Path root;

  private SqlFolder files;

  private int releases;

  @BeforeEach
  void folder() throws Exception {
    Path folder = root.resolve("supabase/migrations");
    Files.createDirectories(folder);
    files = new SqlFolder(folder);
    files
        .write("20240105093000_remote_schema.sql", DUMP)
        .write("20240106093000_add_bio.sql", "alter table profiles add column bio text;\n")
        .write("20240107093000_empty.sql", "");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  /** As the CLI 1.x and 2.x make it, and runs its files. */
  private void pushByTheCli(String... names) {
    fixture.execute(
        "CREATE SCHEMA IF NOT EXISTS supabase_migrations",
        "CREATE TABLE IF NOT EXISTS supabase_migrations.schema_migrations (version text NOT NULL PRIMARY KEY)",
        "ALTER TABLE supabase_migrations.schema_migrations ADD COLUMN IF NOT EXISTS statements text[]",
        "ALTER TABLE supabase_migrations.schema_migrations ADD COLUMN IF NOT EXISTS name text");
    for (String name : names) {
      fixture
          .jdbc()
          .sql("INSERT INTO supabase_migrations.schema_migrations(version, name) VALUES (?, ?)")
          .params(name.substring(0, name.indexOf('_')), name.substring(name.indexOf('_') + 1))
          .update();
    }
  }

  private void pushFirstTwoByTheCli() {
    fixture.execute(
        "CREATE TABLE profiles (id bigint NOT NULL PRIMARY KEY, fax text)",
        "ALTER TABLE profiles ADD COLUMN bio text");
    pushByTheCli("20240105093000_remote_schema", "20240106093000_add_bio");
  }

  private Migrator release(MigratorSettings settings, DataSource dataSource, String... more) {
    List<String> locations = new ArrayList<>(List.of(more));
    locations.add(files.location());
    Migrator migrator =
        Fixture.builder(dataSource)
            .settings(settings)
            .application("shop", "release-" + ++releases)
            .sqlFiles(locations.toArray(String[]::new))
            .build();
    fixture.closing(migrator);
    return migrator;
  }

  private Migrator prepared(String... more) {
    Migrator migrator = release(SETTINGS, fixture.dataSource(), more);
    migrator.prepare();
    return migrator;
  }

  private String listed() {
    return fixture.value(
        "SELECT version || coalesce('_' || name, '') FROM supabase_migrations.schema_migrations ORDER BY version");
  }

  private MigratorException refusal() {
    return refusal(fixture.dataSource());
  }

  private MigratorException refusal(DataSource dataSource) {
    Migrator migrator = release(SETTINGS, dataSource);
    MigratorException[] refusal = new MigratorException[1];
    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(migrator::prepare)
        .satisfies(it -> refusal[0] = it);
    migrator.close();
    return refusal[0];
  }

  @Test
  void whatTheCliHasRunIsNotRunAgainAndWhatRunsHereIsListedThere() {
    pushFirstTwoByTheCli();
    Migrator migrator = prepared();
    assertThat(listed())
        .isEqualTo("20240105093000_remote_schema,20240106093000_add_bio,20240107093000_empty");
    assertThat(
            fixture.value(
                "SELECT statements FROM supabase_migrations.schema_migrations WHERE name = 'empty'"))
        .isEqualTo("{\"SELECT 1\"}");
    assertThat(
            fixture.value(
                "SELECT string_agg(detail, ',') FROM migrator.event WHERE kind = 'COMMAND' AND migration_id = '20240106093000_add_bio'"))
        .isEqualTo("ADOPT: listed in supabase_migrations.schema_migrations");
    assertThat(migrator.status("20240105093000_remote_schema").orElseThrow().state())
        .isEqualTo(State.REACHED);
    migrator.close();
    files.write("20260301000000_next.sql", "ALTER TABLE profiles ADD COLUMN next int");
    prepared().close();
    assertThat(listed()).endsWith("20260301000000_next");
    assertThat(fixture.value("SELECT count(next) FROM profiles")).isEqualTo("0");
    prepared(); // nothing is due
  }

  @Test
  void aNewDatabaseGetsAllFilesAndTheList() {
    prepared();
    assertThat(listed())
        .isEqualTo("20240105093000_remote_schema,20240106093000_add_bio,20240107093000_empty");
    assertThat(fixture.value("SELECT count(bio) FROM profiles")).isEqualTo("0");
    // What the dump sets stays on no connection.
    assertThat(
            fixture.value(
                "SELECT string_agg(attname || ' ' || format_type(atttypid, NULL), ',' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'supabase_migrations.schema_migrations'::regclass AND attnum > 0"))
        .isEqualTo("version text,statements text[],name text");
  }

  @Test
  void undoTakesTheFileOffTheList() throws Exception {
    Path down = root.resolve("supabase/down");
    Files.createDirectories(down);
    SqlFolder downs = new SqlFolder(down);
    downs.write("20260301000000_next.down.sql", "ALTER TABLE profiles DROP COLUMN next");
    files.write("20260301000000_next.sql", "ALTER TABLE profiles ADD COLUMN next int");
    prepared(downs.location()).close();
    assertThat(listed()).endsWith("20260301000000_next");
    files.delete("20260301000000_next.sql");
    downs.delete("20260301000000_next.down.sql");
    Migrator before = prepared();
    before.start();
    before.execute("20260301000000_next", OperatorCommand.UNDO);
    Fixture.await(
        () -> !listed().contains("next"),
        () -> String.valueOf(before.status("20260301000000_next")));
    assertThat(
            fixture.value(
                "SELECT count(*) FROM pg_attribute WHERE attrelid = 'profiles'::regclass AND attname = 'next'"))
        .isEqualTo("0");
  }

  @Test
  void whatTheCliRunsAfterTheStartOfAReleaseIsTakenOverToo() {
    pushFirstTwoByTheCli();
    files.write(
        "20260301000000_drop_fax.sql",
        "-- migrator: contract\nALTER TABLE profiles DROP COLUMN fax");
    Migrator old =
        Fixture.builder(fixture.dataSource()).settings(SETTINGS).application("shop", "old").build();
    fixture.closing(old);
    old.prepare();
    old.start();
    old.mapped(List.of());
    Migrator migrator = prepared();
    migrator.start();
    migrator.mapped(List.of());
    Fixture.awaitState(migrator, "20260301000000_drop_fax", State.HELD);
    fixture.execute("ALTER TABLE profiles DROP COLUMN fax");
    pushByTheCli("20260301000000_drop_fax");
    old.close();
    Fixture.awaitState(migrator, "20260301000000_drop_fax", State.COMPLETED);
    assertThat(
            fixture.value(
                "SELECT detail FROM migrator.event WHERE kind = 'COMMAND' AND migration_id LIKE '%fax'"))
        .isEqualTo("ADOPT: run by Supabase meanwhile");
  }

  @Test
  void anOldReleaseStartsAgainBehindANewerOne() {
    pushFirstTwoByTheCli();
    files.write("20260301000000_next.sql", "ALTER TABLE profiles ADD COLUMN next int");
    prepared().close();
    files.delete("20260301000000_next.sql");
    prepared().close();
    files.write("20260301000000_next.sql", "ALTER TABLE profiles ADD COLUMN next int");
    prepared();
  }

  @Test
  void aCrowdTakesOverOnce() throws Exception {
    pushFirstTwoByTheCli();
    ExecutorService pool = Executors.newFixedThreadPool(6);
    try {
      List<Callable<Boolean>> starts = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        Migrator migrator = release(SETTINGS, fixture.pool(2));
        starts.add(
            () -> {
              migrator.prepare();
              return true;
            });
      }
      for (Future<Boolean> start : pool.invokeAll(starts)) {
        assertThat(start.get()).isTrue();
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(fixture.value("SELECT count(*) FROM migrator.event WHERE detail LIKE 'ADOPT%'"))
        .isEqualTo("2");
    assertThat(listed()).contains("20240107093000_empty");
  }

  /** On a new database all that a crowd runs was written before this library. */
  @Test
  void aNewDatabaseRunsWhatTakesAwayButAnAdoptedOneDoesNot() throws Exception {
    files.write("20260302000000_drop_fax.sql", "ALTER TABLE profiles DROP COLUMN fax");
    Migrator one = release(SETTINGS, fixture.pool(2));
    Migrator two = release(SETTINGS, fixture.pool(2));
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      for (Future<Object> start :
          pool.invokeAll(
              List.<Callable<Object>>of(
                  Executors.callable(one::prepare), Executors.callable(two::prepare)))) {
        start.get();
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(listed()).endsWith("20260302000000_drop_fax");
  }

  @Test
  void whatTakesAwayIsRefusedWhereTheCliHasRunBefore() {
    pushFirstTwoByTheCli();
    files.write("20260302000000_drop_fax.sql", "ALTER TABLE profiles DROP COLUMN fax");
    assertThat(refusal().getMessage())
        .contains("20260302000000_drop_fax.sql", "column-removed", "-- migrator: contract");
    assertThat(listed()).doesNotContain("drop_fax");
  }

  @Test
  void whatTakesAwayIsRefusedAlsoWhereOnlySquashedFilesHaveRun() {
    fixture.execute("CREATE TABLE profiles (id bigint NOT NULL PRIMARY KEY, fax text)");
    pushByTheCli("20240101000000_squashed");
    files.delete("20240106093000_add_bio.sql");
    files.write("20260302000000_drop_fax.sql", "ALTER TABLE profiles DROP COLUMN fax");
    assertThat(refusal().getMessage()).contains("20260302000000_drop_fax.sql", "column-removed");
  }

  @Test
  void aFailedFileIsNotListed() {
    pushFirstTwoByTheCli();
    files.write("20260302000000_wrong.sql", "ALTER TABLE profiles ADD COLUMN fax text");
    assertThat(refusal().getMessage()).contains("already exists");
    assertThat(listed()).doesNotContain("wrong");
    files.write("20260302000000_wrong.sql", "ALTER TABLE profiles ADD COLUMN fax2 text");
    prepared();
    assertThat(listed()).endsWith("20260302000000_wrong");
  }

  @Test
  void theTableOfTheFirstVersionsOfTheCliHasVersionsOnly() {
    fixture.execute(
        "CREATE SCHEMA supabase_migrations",
        "CREATE TABLE supabase_migrations.schema_migrations (version text NOT NULL PRIMARY KEY)",
        "INSERT INTO supabase_migrations.schema_migrations VALUES ('20240105093000'), ('20240106093000')",
        "CREATE TABLE profiles (id bigint NOT NULL PRIMARY KEY, fax text, bio text)");
    prepared();
    assertThat(
            fixture.value("SELECT version FROM supabase_migrations.schema_migrations ORDER BY 1"))
        .isEqualTo("20240105093000,20240106093000,20240107093000");
  }

  @Test
  void theColumnsOfTheDashboardAreLeftToIt() {
    pushFirstTwoByTheCli();
    fixture.execute(
        "ALTER TABLE supabase_migrations.schema_migrations ADD created_by text, ADD idempotency_key text UNIQUE, ADD rollback text[]",
        "UPDATE supabase_migrations.schema_migrations SET name = NULL");
    prepared();
    assertThat(listed()).contains("20240107093000_empty");
  }

  /** Versions of other lengths come before all dates, or are one. */
  @Test
  void otherVersionsKeepTheirPlaces() {
    files
        .write("0002_b c.sql", "CREATE TABLE b (id int REFERENCES a)")
        .write("0001_a.sql", "CREATE TABLE a (id int PRIMARY KEY)")
        .write("20240104_c.sql", "CREATE TABLE c (id int)");
    prepared();
    assertThat(fixture.value("SELECT id FROM migrator.migration ORDER BY created_at, id"))
        .isEqualTo(
            "0001_a,0002_b_c,20240104_c,20240105093000_remote_schema,20240106093000_add_bio,20240107093000_empty");
    assertThat(listed()).startsWith("0001_a,0002_b_c,20240104_c");
  }

  @Test
  void aDownBesideTheFilesOfTheCliIsRefused() {
    files.write("20240106093000_add_bio.down.sql", "ALTER TABLE profiles DROP bio");
    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(() -> release(SETTINGS, fixture.dataSource()))
        .withMessageContaining("put what undoes a file into another folder");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE supabase_migrations.schema_migrations ADD must text NOT NULL DEFAULT 'x'; ALTER TABLE supabase_migrations.schema_migrations ALTER must DROP DEFAULT; -- nobody knows what to write into must",
        "ALTER TABLE supabase_migrations.schema_migrations RENAME version TO v; -- version missing or of another type",
        "CREATE FUNCTION public.spy() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER spy BEFORE INSERT ON supabase_migrations.schema_migrations FOR EACH ROW EXECUTE FUNCTION public.spy(); -- it has triggers",
        "ALTER TABLE supabase_migrations.schema_migrations RENAME TO real; CREATE VIEW supabase_migrations.schema_migrations AS SELECT * FROM supabase_migrations.real; -- it is no ordinary table"
      })
  void aTableThatIsNotTheClisIsRefused(String sql) {
    pushFirstTwoByTheCli();
    String[] parts = sql.split(" -- ");
    fixture.execute(parts[0]);
    MigratorException refusal = refusal();
    assertThat(refusal.errorCode()).isEqualTo(ErrorCode.FOREIGN_HISTORY);
    assertThat(refusal.getMessage()).contains(parts[1]);
    assertThat(fixture.value("SELECT count(*) FROM migrator.migration")).isEqualTo("0");
  }

  @Test
  void whatSomebodyElseOwnsIsNotWritten() {
    pushFirstTwoByTheCli();
    String role = "mallory_" + ProcessHandle.current().pid() + "_" + System.nanoTime();
    fixture.execute(
        "CREATE ROLE " + role + " LOGIN",
        "ALTER TABLE supabase_migrations.schema_migrations OWNER TO " + role);
    try {
      assertThat(refusal().getMessage())
          .contains("belongs to the role \"" + role + "\"", "migrator.journal-owner");
      MigratorSettings trusting = SETTINGS.toBuilder().safety(it -> it.journalOwner(role)).build();
      release(trusting, fixture.dataSource()).prepare();
      assertThat(listed()).contains("20240107093000_empty");
    } finally {
      fixture.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
    }
  }

  @Test
  void whatHasNoFileHoldsNobody() {
    pushFirstTwoByTheCli();
    pushByTheCli("20240101000000_squashed", "20990101000000_of_a_newer_release");
    prepared();
    assertThat(listed()).contains("20240107093000_empty");
  }
}
