package dev.migrator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.MigratorBuilder;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.MigrationStatus.State;
import dev.migrator.test.Await;
import dev.migrator.test.CatalogImage;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One file in the place of a history of files and beans. */
class SquashIT {

  private static final Migration RENAME =
      Migration.define("2026-01-03-full-name")
          .table("users")
          .renameColumn("name", "full_name")
          .switchRead()
          .dropColumn("name");

  private static final Migration INDEX =
      Migration.define("2026-01-04-by-name")
          .table("users")
          .addIndex("users_full_name_idx")
          .on("full_name");

  private static final MigratorSettings SETTINGS =
      MigratorSettings.builder()
          .contract(it -> it.retention(Duration.ZERO))
          .sql(it -> it.placeholder("price", "numeric(10,2)"))
          .build();

  private final TestDatabase database = TestPostgres.newDatabase();

  private final TestDatabase fresh = TestPostgres.newDatabase();

  private final JdbcClient jdbc = JdbcClient.create(database.dataSource());

  @TempDir Path folder;

  @TempDir Path squashed;

  @BeforeEach
  void files() throws IOException {
    write(
        "20260101_users.sql",
        """
        CREATE SCHEMA shop;
        CREATE TYPE shop.state AS ENUM ('open', 'closed');
        CREATE DOMAIN shop.code AS text CHECK (VALUE ~ '^[A-Z]+$');
        CREATE SEQUENCE shop.numbers START 100 INCREMENT 5;
        CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL DEFAULT 'x;y');
        CREATE TABLE shop.orders (id bigserial PRIMARY KEY, users_id bigint REFERENCES users, number bigint DEFAULT nextval('shop.numbers'),
                                  state shop.state NOT NULL DEFAULT 'open', code shop.code, price ${price},
                                  twice numeric GENERATED ALWAYS AS (price * 2) STORED, CHECK (price >= 0), UNIQUE (number));
        ALTER TABLE shop.orders ENABLE ROW LEVEL SECURITY;
        CREATE POLICY own ON shop.orders FOR SELECT USING (users_id > 0);
        COMMENT ON TABLE shop.orders IS 'what ''they'' want; all of it';
        CREATE TABLE countries (code text PRIMARY KEY, name text);
        INSERT INTO countries VALUES ('DE', 'Germany'), ('FR', 'France');
        """);
    write(
        "20260102_more.sql",
        """
        CREATE TABLE log (at date NOT NULL, what text) PARTITION BY RANGE (at);
        CREATE TABLE log_2026 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
        CREATE INDEX log_what ON log (what);
        CREATE FUNCTION shop.open_orders() RETURNS bigint LANGUAGE plpgsql AS $$
        BEGIN
          -- not an end; of the statement
          RETURN (SELECT count(*) FROM shop.orders WHERE state = 'open');
        END $$;
        CREATE FUNCTION shop.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
        CREATE TRIGGER touch BEFORE UPDATE ON shop.orders FOR EACH ROW EXECUTE FUNCTION shop.touch();
        CREATE MATERIALIZED VIEW shop.totals AS SELECT state, sum(price) AS total FROM shop.orders GROUP BY state;
        CREATE UNIQUE INDEX totals_state ON shop.totals (state);
        GRANT SELECT ON users TO PUBLIC;
        REVOKE ALL ON FUNCTION shop.open_orders() FROM PUBLIC;
        """);
    write("R__open.sql", "CREATE OR REPLACE VIEW shop.open AS SELECT id FROM shop.orders");
  }

  @AfterEach
  void drop() {
    database.close();
    fresh.close();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private Migrator started(TestDatabase on, Path files, Migration... beans) {
    MigratorBuilder builder =
        Migrator.builder(on.dataSource())
            .application("shop", "1")
            .settings(SETTINGS)
            .sqlFiles("file:" + files);
    for (Migration bean : beans) {
      builder.declare(bean.id(), bean);
    }
    Migrator migrator = builder.build();
    migrator.prepare();
    migrator.start();
    return migrator;
  }

  private void history() {
    try (Migrator migrator = started(database, folder, RENAME, INDEX)) {
      Await.until(
          () ->
              migrator.status().migrations().stream()
                  .allMatch(it -> it.state() == State.COMPLETED || it.state() == State.REACHED),
          () -> String.valueOf(migrator.status()));
    }
  }

  private Run squash(Object... args) {
    List<Object> all =
        new ArrayList<>(List.of("squash", "-f", folder, "-p", "price=numeric(10,2)"));
    all.addAll(List.of("--url", database.jdbcUrl(), "--user", database.username()));
    all.addAll(List.of("--password=" + database.password()));
    all.addAll(List.of(args));
    return Run.of(all.toArray());
  }

  private Path baseline() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(it -> it.toString().endsWith("_baseline.sql")).findFirst().orElseThrow();
    }
  }

  /** The server's major version; that of the program at hand may be an older one. */
  private void assumeThatTheProgramIsNewEnough() throws Exception {
    String server = jdbc.sql("SHOW server_version_num").query(String.class).single();
    int major = Integer.parseInt(server) / 10_000;
    assumeThat(programVersion()).as("pg_dump").isGreaterThanOrEqualTo(major);
  }

  private static int programVersion() throws Exception {
    try {
      Process process = new ProcessBuilder("pg_dump", "--version").start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Matcher version = Pattern.compile("\\) (\\d+)").matcher(said);
      return version.find() ? Integer.parseInt(version.group(1)) : 0;
    } catch (IOException ex) {
      return 0;
    }
  }

  /** By whatever pg_dump is here; a dump as it is stands for it elsewhere, see below. */
  @Test
  void aNewDatabaseGetsTheSameSchemaByTheFileAndBothGoOn() throws Exception {
    assumeThatTheProgramIsNewEnough();
    history();
    Run run = squash("--rows", "countries");
    assertThat(run.code()).as("%s%s", run.out(), run.err()).isZero();
    assertThat(run.out())
        .contains("_baseline.sql", "it contains 5 migrations", "20260101_users.sql");
    Files.move(baseline(), squashed.resolve(baseline().getFileName()));
    Files.copy(folder.resolve("R__open.sql"), squashed.resolve("R__open.sql"));
    started(fresh, squashed).close();
    CatalogImage ran = CatalogImage.of(database.dataSource());
    assertThat(ran.differences(CatalogImage.of(fresh.dataSource()))).isEmpty();
    assertThat(
            JdbcClient.create(fresh.dataSource())
                .sql("SELECT string_agg(name, ',' ORDER BY name) FROM countries")
                .query(String.class)
                .single())
        .isEqualTo("France,Germany");
    // Both go on with the same file, without those before it.
    Files.writeString(
        squashed.resolve("20990101_next.sql"), "ALTER TABLE users ADD avatar_url text");
    started(fresh, squashed).close();
    started(database, squashed).close();
    assertThat(
            CatalogImage.of(database.dataSource()).differences(CatalogImage.of(fresh.dataSource())))
        .isEmpty();
    assertThat(
            jdbc.sql(
                    "SELECT count(*) FROM information_schema.columns WHERE column_name = 'avatar_url'")
                .query(Long.class)
                .single())
        .isEqualTo(1);
  }

  /** As pg_dump writes it, with what only psql and a session of its own can do. */
  @Test
  void whatTheProgramWroteElsewhereDoesAsWell() throws Exception {
    Files.delete(folder.resolve("20260102_more.sql"));
    Files.delete(folder.resolve("R__open.sql"));
    write("20260101_users.sql", "CREATE TABLE users (id int, name text)");
    history();
    Path dump = squashed.resolve("dump.txt");
    Files.writeString(
        dump,
        """
        --
        -- PostgreSQL database dump
        --

        \\restrict Kg7dQ2

        -- Dumped from database version 18.6

        SET statement_timeout = 0;
        SET lock_timeout = 0;
        SET transaction_timeout = 0;
        SET client_encoding = 'UTF8';
        SET standard_conforming_strings = on;
        SELECT pg_catalog.set_config('search_path', '', false);
        SET check_function_bodies = false;
        SET xmloption = content;
        SET client_min_messages = warning;
        SET row_security = off;

        SET default_tablespace = '';

        SET default_table_access_method = heap;

        --
        -- Name: users; Type: TABLE; Schema: public; Owner: -
        --

        CREATE TABLE public.users (
            id integer,
            full_name text
        );


        CREATE INDEX users_full_name_idx ON public.users USING btree (full_name);


        --
        -- PostgreSQL database dump complete
        --

        \\unrestrict Kg7dQ2

        """);
    Run run = squash("--from", dump, "--json");
    assertThat(run.code()).as("%s%s", run.out(), run.err()).isZero();
    assertThat(run.out()).contains("\"contains\":[\"20260101_users\"");
    assertThat(Files.readString(baseline()))
        .startsWith(
            """
            -- migrator: contains 20260101_users EXPAND
            -- migrator: contains 2026-01-03-full-name CONTRACT
            -- migrator: contains 2026-01-04-by-name BACKFILL
            """)
        .contains("SET LOCAL search_path = '';", "SET LOCAL check_function_bodies = false;")
        .doesNotContain("restrict", "client_encoding", "timeout", "row_security");
    // Here with the files and beans that it contains, which do not run.
    try (Migrator migrator = started(fresh, folder, RENAME, INDEX)) {
      assertThat(migrator.status("2026-01-03-full-name").orElseThrow().state())
          .isEqualTo(State.COMPLETED);
    }
    assertThat(
            CatalogImage.of(database.dataSource()).differences(CatalogImage.of(fresh.dataSource())))
        .isEmpty();
  }

  @Test
  void whatIsNotFinishedIsNamed() {
    assertThat(squash("--from", folder.resolve("20260101_users.sql")).err()).contains("no journal");
    try (Migrator migrator =
        started(
            database,
            folder,
            Migration.define("2026-01-03-full-name")
                .table("users")
                .renameColumn("name", "full_name"))) {
      Await.until(
          () -> migrator.status("2026-01-03-full-name").orElseThrow().state() == State.REACHED,
          () -> String.valueOf(migrator.status()));
      Run run = squash("--from", folder.resolve("20260101_users.sql"));
      assertThat(run.code()).isEqualTo(1);
      assertThat(run.err()).contains("not finished here: 2026-01-03-full-name");
    }
  }

  @Test
  void withoutTheProgramItSaysHowItCanBeDone() {
    history();
    Run run = squash("--pg-dump", "no-such-program");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err())
        .contains("no-such-program is not here", "--from", "pg_dump --no-owner", "--schema-only");
  }

  @Test
  void whatNoFileCanHaveIsRefused() throws IOException {
    history();
    Path dump = squashed.resolve("dump.txt");
    Files.writeString(dump, "CREATE TABLE t (id int);\n\\connect other\nCREATE TABLE u (id int);");
    assertThat(squash("--from", dump).err()).contains("cannot", "\\connect");
    Files.writeString(dump, "CREATE TABLE t (a text DEFAULT '${nobody}');");
    assertThat(squash("--from", dump).err()).contains("the placeholder ${nobody}");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.filter(it -> it.toString().contains("baseline"))).isEmpty();
    }
  }
}
