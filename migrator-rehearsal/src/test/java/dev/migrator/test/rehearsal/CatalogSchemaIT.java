package dev.migrator.test.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** The schema of a live database, and copies by template. */
@Tag("server-version")
class CatalogSchemaIT {

  private static final String SCHEMA =
      """
      CREATE SCHEMA "Odd ""one";
      CREATE EXTENSION citext SCHEMA "Odd ""one";
      CREATE TYPE mood AS ENUM ('good', 'it''s bad');
      CREATE TYPE pair AS (a int, b numeric(5, 2));
      CREATE TYPE span AS RANGE (SUBTYPE = date);
      CREATE DOMAIN code AS varchar(6) DEFAULT 'x' NOT NULL CONSTRAINT lower CHECK (VALUE = lower(VALUE));
      CREATE SEQUENCE numbers AS int INCREMENT 5 START 10 CACHE 3 CYCLE;
      CREATE FUNCTION next_number() RETURNS int LANGUAGE sql AS $$ SELECT nextval('public.numbers')::int $$;
      CREATE TABLE team (id serial PRIMARY KEY, name "Odd ""one".citext COLLATE "C" NOT NULL UNIQUE, no int DEFAULT next_number()) WITH (fillfactor = 70);
      CREATE TABLE "Odd ""one"."My Table" (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, team int REFERENCES team ON DELETE CASCADE,
        mood mood, pair pair, code code, span span, low text GENERATED ALWAYS AS (lower(code)) STORED, at timestamptz DEFAULT now(),
        CONSTRAINT positive CHECK (id > 0), EXCLUDE USING gist (span WITH &&));
      ALTER TABLE "Odd ""one"."My Table" ADD CONSTRAINT later CHECK (team > 0) NOT VALID;
      CREATE INDEX low ON "Odd ""one"."My Table" (lower(code)) INCLUDE (at) WHERE at IS NOT NULL;
      CREATE TABLE event (id bigint NOT NULL, at date NOT NULL, team int REFERENCES team, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
      CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
      CREATE TABLE event_rest PARTITION OF event DEFAULT;
      CREATE INDEX ON event (team);
      CREATE TABLE parent (a int);
      CREATE TABLE child (b int) INHERITS (parent);
      CREATE VIEW second WITH (security_barrier = true) AS SELECT t.*, next_number() FROM team t;
      CREATE VIEW third AS SELECT s.id FROM second s;
      CREATE MATERIALIZED VIEW fourth AS SELECT count(*) FROM team;
      CREATE UNIQUE INDEX ON fourth (count);
      CREATE FUNCTION of_row(r team) RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN r.name; END';
      CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.no := 1; RETURN NEW; END';
      CREATE TRIGGER touch BEFORE UPDATE OF name ON team FOR EACH ROW WHEN (OLD.no > 0) EXECUTE FUNCTION touch();
      CREATE RULE nothing AS ON DELETE TO parent DO INSTEAD NOTHING;
      CREATE STATISTICS id_no (dependencies) ON id, no FROM team;
      INSERT INTO team (name) VALUES ('secret');
      """;

  private static final Migration CHANGE =
      Migration.define("change").table("team").addColumn("note", "text");

  private final TestDatabase live = TestPostgres.newDatabase();

  @AfterEach
  void drop() {
    live.close();
  }

  private DataSource watcher() {
    Databases.execute(
        live,
        "DO $$ BEGIN CREATE ROLE schema_watcher LOGIN PASSWORD 'w'; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setURL(live.jdbcUrl());
    dataSource.setUser("schema_watcher");
    dataSource.setPassword("w");
    return dataSource;
  }

  @Test
  void aSchemaIsMadeAnewFromTheCatalogByARoleThatMayReadNothing() {
    Databases.execute(live, SCHEMA);
    try (Rehearsal rehearsal =
        Rehearsal.builder().schemaOf(watcher()).declare("change", CHANGE).build()) {
      RehearsalReport report = rehearsal.of("change").withRows("team", 10).run();
      assertThat(report.warnings()).isEmpty();
      assertThat(report.phases()).isNotEmpty();
      try (TestDatabase copy = rehearsal.of("change").start().copy()) {
        assertThat(Databases.list(copy, "SELECT name FROM team")).isEmpty();
      }
    }
  }

  @Test
  void whatTheCopyLacksIsSaid() {
    Databases.execute(live, "CREATE TABLE team (id int PRIMARY KEY)");
    Databases.execute(live, "CREATE POLICY own ON team USING (id > 0)");
    try (Rehearsal rehearsal =
        Rehearsal.builder()
            .schemaOf(live.dataSource())
            .productionVersion(9)
            .declare("change", CHANGE)
            .build()) {
      assertThat(rehearsal.of("change").run().warnings())
          .anySatisfy(
              it ->
                  assertThat(it)
                      .contains("differs in 1 things: - policy own of public.team", "pg_dump"))
          .anySatisfy(it -> assertThat(it).contains("production has PostgreSQL 9"));
    }
  }

  @Test
  void whatCannotBeMadeIsSaidWithTheOtherWay() {
    Databases.execute(
        live,
        "CREATE AGGREGATE total (int) (SFUNC = int4pl, STYPE = int); CREATE VIEW v AS SELECT total(1)");
    try (Rehearsal rehearsal =
        Rehearsal.builder().schemaOf(live.dataSource()).declare("change", CHANGE).build()) {
      assertThatThrownBy(() -> rehearsal.of("change").run())
          .isInstanceOf(RehearsalException.class)
          .hasMessageContaining("CREATE VIEW public.v AS")
          .hasMessageContaining("function public.total(integer) does not exist")
          .hasMessageContaining("pg_dump --schema-only");
    }
  }

  /** Its files would fail on a schema that has what they make. */
  @Test
  void whatTheLiveDatabaseHasFinishedIsNotRunAgain(@TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve("20260101000000_team.sql"), "CREATE TABLE team (id int PRIMARY KEY)");
    Files.writeString(folder.resolve("20260101000000_team.down.sql"), "DROP TABLE team");
    try (Migrator migrator =
        Migrator.builder(live.dataSource()).sqlFiles("file:" + folder).build()) {
      migrator.migrate();
    }
    DataSource watcher = watcher();
    try (Rehearsal rehearsal = ofLive(watcher, folder)) {
      assertThatThrownBy(() -> rehearsal.of("change").run())
          .hasMessageContaining("the migrations before change do not get through");
    }
    Databases.execute(live, "GRANT USAGE ON SCHEMA migrator TO schema_watcher");
    Databases.execute(live, "GRANT SELECT ON migrator.migration TO schema_watcher");
    try (Rehearsal rehearsal = ofLive(watcher, folder)) {
      RehearsedMigration change = rehearsal.of("change").withRows("team", 10);
      assertThat(change.run().warnings()).isEmpty();
      assertThat(change.undo()).allMatch(UndoResult::isClean).isNotEmpty();
      assertThatThrownBy(() -> rehearsal.of("20260101000000_team").run())
          .hasMessageContaining("20260101000000_team has reached EXPAND already");
    }
  }

  private static Rehearsal ofLive(DataSource live, Path folder) {
    return Rehearsal.builder()
        .schemaOf(live)
        .sqlFiles("file:" + folder)
        .declare("change", CHANGE)
        .build();
  }

  @Test
  void aCopyByTemplateNamesWhoIsConnected() throws Exception {
    Databases.execute(live, "CREATE TABLE team (id int PRIMARY KEY)");
    PGSimpleDataSource other = (PGSimpleDataSource) live.dataSource();
    other.setApplicationName("the-shop");
    try (Rehearsal rehearsal = Rehearsal.builder().copyOf(live).declare("change", CHANGE).build()) {
      try (Connection connection = other.getConnection()) {
        assertThatThrownBy(() -> rehearsal.of("change").run())
            .isInstanceOf(RehearsalException.class)
            .hasMessageContaining("being accessed by other users")
            .hasMessageContaining("(the-shop)")
            .hasMessageContaining("schemaOf(…)");
      }
      assertThat(rehearsal.of("change").run().phases()).isNotEmpty();
    }
  }
}
