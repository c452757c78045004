package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.Sync;
import dev.migrator.settings.MigratorSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What an expression of a declaration calls is what it found when the change began, whatever others
 * create since in a schema of the search path.
 */
@Tag("server-version")
class FunctionsOfOthersIT {

  private static final MigratorSettings SETTINGS = Fixture.SETTINGS;

  private final Fixture fixture = Fixture.withoutJournal();

  @BeforeEach
  void calls() {
    fixture.execute("CREATE SEQUENCE called");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  /** With the signature that fits the arguments best. */
  private void create(String function, String arguments, String returns, String value) {
    fixture.execute(
        """
        CREATE FUNCTION public.%s(%s) RETURNS %s LANGUAGE plpgsql IMMUTABLE AS $$
        BEGIN
          PERFORM nextval('public.called');
          RETURN %s;
        END $$"""
            .formatted(function, arguments, returns, value));
  }

  private String called() {
    return fixture.value("SELECT is_called FROM public.called");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "lower(a)                      ; lower  ; varchar",
        "coalesce(lower(a), '')        ; lower  ; varchar",
        "concat(a, 'x'::text)          ; concat ; varchar, text",
        "own(a)                        ; own    ; varchar",
        "a || 'x'::text                ; joined ; varchar, text",
        "case when a = '' then '' else a end ; same ; varchar, varchar"
      })
  void areNotCalled(String transform, String function, String arguments) {
    Sync sync = Sync.of("a").with("b").compute("b", transform).compute("a", "b");
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a varchar)",
        "INSERT INTO t VALUES (1, 'X'), (2, 'Y')",
        "CREATE FUNCTION public.own(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower($1)'");
    Migration.DualWritten kept =
        Migration.define("m").table("t").addColumn("b", "text").dualWrite(sync);
    Migrator migrator = fixture.migrator(SETTINGS, kept.backfill().switchRead());
    migrator.prepare();
    boolean compares = function.equals("same");
    create(function, arguments, compares ? "boolean" : "text", compares ? "true" : "'evil'");
    switch (function) {
      case "joined" -> operator("||", "varchar", "text", function);
      case "same" -> operator("=", "varchar", "varchar", function);
      default -> {}
    }
    migrator.start();
    Fixture.awaitPhase(migrator, "m", Phase.SWITCH_READ);
    fixture.execute("UPDATE t SET a = 'Z' WHERE id = 2", "INSERT INTO t (id, a) VALUES (3, 'W')");
    assertThat(fixture.value("SELECT string_agg(b, ',' ORDER BY id) FROM t"))
        .doesNotContain("evil")
        .isNotEqualTo("NULL");
    assertThat(called()).isEqualTo("f");
  }

  private void operator(String name, String left, String right, String function) {
    fixture.execute(
        "CREATE OPERATOR public.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = public.%s)"
            .formatted(name, left, right, function));
  }

  /** The filling of NULLs is computed by a trigger and by the copy of rows. */
  @Test
  void areNotCalledToFillNulls() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a varchar, b text)", "INSERT INTO t VALUES (1, 'X')");
    Migrator migrator =
        fixture.migrator(
            SETTINGS, Migration.define("m").table("t").setNotNull("b").fillNullsWith("lower(a)"));
    migrator.prepare();
    create("lower", "varchar", "text", "'evil'");
    migrator.start();
    Fixture.awaitPhase(migrator, "m", Phase.BACKFILL);
    fixture.execute("INSERT INTO t VALUES (2, 'Y')");
    assertThat(fixture.value("SELECT string_agg(b, ',' ORDER BY id) FROM t")).isEqualTo("x,y");
    assertThat(called()).isEqualTo("f");
  }

  /** The rows of a new column are filled in a later phase than that of its default. */
  @Test
  void areNotCalledToFillANewColumn() {
    fixture.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
    Migrator migrator =
        fixture.migrator(
            SETTINGS,
            Migration.define("m")
                .table("t")
                .addColumn(
                    "b",
                    "text",
                    it -> it.defaultValue("concat(random()::text, 'x'::varchar)").notNull()));
    Migrator other = fixture.migrator(SETTINGS, Migration.define("o").table("t").comment("x"));
    other.prepare();
    migrator.prepare();
    assertThat(fixture.value("SELECT count(*) FROM t WHERE b LIKE '0%x'")).isEqualTo("1");
    assertThat(fixture.value("SELECT expressions FROM migrator.migration WHERE id = 'm'"))
        .contains("pg_catalog.concat(");
  }

  /** What was created before the change began is what the declaration means, as ever. */
  @Test
  void ownFunctionsAreFoundByThePath() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a varchar)",
        "INSERT INTO t VALUES (1, 'X')",
        "CREATE FUNCTION public.own(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower($1)'");
    Sync sync = Sync.of("a").with("b").compute("b", "own(t.a)").compute("a", "upper(b)");
    fixture.reach(
        Phase.SWITCH_READ,
        Migration.define("m")
            .table("t")
            .addColumn("b", "text")
            .dualWrite(sync)
            .backfill()
            .switchRead());
    assertThat(fixture.value("SELECT b FROM t")).isEqualTo("x");
    assertThat(fixture.value("SELECT expressions FROM migrator.migration"))
        .contains("public.own", "pg_catalog.upper(");
  }
}
