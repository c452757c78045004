package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.status.MigrationStatus.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an instance has recorded means the same where names are found by another search path. */
@Tag("server-version")
class OtherPathIT {

  private static final Migration.Backfilled RENAME =
      Migration.define("m").table("public", "t").renameColumn("a", "b");

  private final Fixture fixture = Fixture.withoutJournal();

  @AfterEach
  void close() {
    fixture.close();
  }

  @BeforeEach
  void names() {
    fixture.execute(
        "CREATE SCHEMA s",
        "CREATE TYPE s.mood AS ENUM ('sad', 'glad')",
        "CREATE FUNCTION s.usual() RETURNS s.mood LANGUAGE sql STABLE AS $$ SELECT 'glad'::s.mood $$",
        "CREATE FUNCTION s.made(a text) RETURNS s.mood LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN a::s.mood; END $$");
  }

  private HikariDataSource pool(String path) {
    HikariDataSource pool = fixture.pool(3);
    pool.setConnectionInitSql("SET search_path = " + path);
    return pool;
  }

  private Migrator started(String path, Migration... migrations) {
    Migrator migrator = fixture.migrator(pool(path), Fixture.AUTO, migrations);
    migrator.prepare();
    migrator.start();
    return migrator;
  }

  private static void undo(Migrator migrator, String id) {
    Phase at = migrator.status(id).orElseThrow().phase();
    migrator.execute(id, OperatorCommand.UNDO);
    Fixture.await(
        () -> {
          assertThat(migrator.status(id).orElseThrow().state()).isNotEqualTo(State.FAILED);
          return migrator.status(id).orElseThrow().phase() != at;
        },
        () -> String.valueOf(migrator.status(id)));
  }

  @Test
  void aChangeIsUndone() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a s.mood NOT NULL DEFAULT s.made('sad'))",
        "INSERT INTO t SELECT n, 'sad' FROM generate_series(1, 20) n");
    String before = fixture.catalog();
    Migrator first = started("s, public", RENAME);
    Fixture.awaitPhase(first, "m", Phase.BACKFILL);
    first.close();
    fixture.execute("INSERT INTO t (id) VALUES (21)");
    Migrator second = started("public");
    for (int i = 0; i < 3; i++) {
      undo(second, "m");
    }
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  /** What somebody creates meanwhile in a schema that comes first is not what was meant. */
  @Test
  void aContractIsUndone() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a s.mood DEFAULT s.usual(), w text DEFAULT concat('x'::varchar, current_user::varchar))",
        "INSERT INTO t SELECT n, 'sad' FROM generate_series(1, 20) n");
    Migration wordless =
        Migration.define("w")
            .table("public", "t")
            .renameColumn("w", "v")
            .switchRead()
            .dropColumn("w");
    Migration contracted = RENAME.switchRead().dropColumn("a");
    Migrator first = started("s, public", contracted, wordless);
    Fixture.awaitPhase(first, "m", Phase.CONTRACT);
    Fixture.awaitPhase(first, "w", Phase.CONTRACT);
    first.close();
    fixture.execute(
        "CREATE FUNCTION concat(varchar, varchar) RETURNS text LANGUAGE sql AS $$ SELECT 'evil' $$",
        "CREATE FUNCTION usual() RETURNS s.mood LANGUAGE sql AS $$ SELECT NULL::s.mood $$");
    Migrator second = started("public", contracted, wordless);
    Fixture.undoContract(second, "w");
    Fixture.undoContract(second, "m");
    fixture.execute("INSERT INTO t (id) VALUES (21)");
    assertThat(fixture.value("SELECT a || w FROM t WHERE id = 21"))
        .isEqualTo("glad" + "x" + user());
    assertThat(fixture.value("SELECT b || v FROM t WHERE id = 21"))
        .isEqualTo("glad" + "x" + user());
  }

  @Test
  void aDefaultIsRestored() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, w text DEFAULT concat('x'::varchar, 'y'::varchar))");
    String before = fixture.catalog();
    Migration set =
        Migration.define("d")
            .table("public", "t")
            .setDefault("w", "concat('z'::varchar, 'z'::varchar)");
    Migrator first = started("s, public", set);
    Fixture.awaitState(first, "d", State.REACHED);
    assertThat(fixture.value("INSERT INTO t VALUES (1) RETURNING w")).isEqualTo("zz");
    first.close();
    fixture.execute(
        "CREATE FUNCTION concat(varchar, varchar) RETURNS text LANGUAGE sql AS $$ SELECT 'evil' $$");
    undo(started("public"), "d");
    fixture.execute("DROP FUNCTION concat(varchar, varchar)");
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  private String user() {
    return fixture.value("SELECT current_user");
  }
}
