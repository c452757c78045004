package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Operators that somebody made in a schema of the search path: nearer to a type than those of the
 * server, or found before them. They must never run with the rights of the library's role.
 */
@Tag("server-version")
class OperatorsOfOthersIT {

  private final Fixture fixture = Fixture.withoutJournal();

  @AfterEach
  void close() {
    fixture.close();
  }

  @ParameterizedTest
  @CsvSource({
    "varchar(20), varchar, ''",
    "varchar, varchar, ''",
    "text, text, 'public, pg_catalog'",
    "int, int, 'public, pg_catalog'",
    "bpchar(5), bpchar, 'public, pg_catalog'"
  })
  void areNeverCalled(String type, String operand, String path) {
    String value = type.equals("int") ? "n" : "'x' || n";
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a %s NOT NULL)".formatted(type),
        "INSERT INTO t SELECT n, %s FROM generate_series(1, 100) n".formatted(value),
        "CREATE TABLE calls (query text)",
        """
        CREATE FUNCTION public.evil(%1$s, %1$s) RETURNS boolean LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO public.calls VALUES (current_query());
          RETURN $1::text OPERATOR(pg_catalog.=) $2::text;
        END $$
        """
            .formatted(operand),
        "CREATE OPERATOR public.= (LEFTARG = %1$s, RIGHTARG = %1$s, FUNCTION = public.evil)"
            .formatted(operand),
        "CREATE OPERATOR public.<> (LEFTARG = %1$s, RIGHTARG = %1$s, FUNCTION = public.evil)"
            .formatted(operand));
    if (!path.isEmpty()) {
      fixture.execute(
          "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = "
              + path
              + "', current_database()); END $$");
    }
    try (HikariDataSource pool = fixture.pool(3)) {
      Migrator migrator =
          fixture.migrator(
              pool,
              Fixture.AUTO,
              Migration.define("m")
                  .table("public", "t")
                  .renameColumn("a", "b")
                  .switchRead()
                  .dropColumn("a"));
      migrator.prepare();
      assertThat(
              fixture.value(
                  "SELECT count(*) FROM pg_depend WHERE classid = 'pg_trigger'::regclass AND refclassid = 'pg_operator'::regclass"))
          .isEqualTo("0");
      fixture.execute("UPDATE public.t SET b = a WHERE id = 1");
      migrator.start();
      Fixture.awaitPhase(migrator, "m", Phase.CONTRACT);
      migrator.close();
    }
    assertThat(fixture.value("SELECT string_agg(DISTINCT query, E'\\n') FROM public.calls"))
        .isEqualTo("NULL");
  }

  /** Those have no {@code =} of their own, or one that somebody else made. */
  @ParameterizedTest
  @CsvSource({
    "CREATE TYPE own AS ENUM ('x'), 'x'",
    "CREATE TYPE own AS (word text), (x)",
    "CREATE DOMAIN own AS text, 'x'",
    "CREATE TYPE own AS RANGE (subtype = text), '[x,y]'"
  })
  void areNeverCalledForTypesOfOthers(String type, String value) {
    fixture.execute(
        type,
        "CREATE TABLE t (id int PRIMARY KEY, a own)",
        "INSERT INTO t SELECT n, '%s' FROM generate_series(1, 100) n"
            .formatted(value.replace("'", "")),
        "CREATE TABLE calls (query text)",
        """
        CREATE FUNCTION evil(own, own) RETURNS boolean LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO public.calls VALUES (current_query());
          RETURN $1::text = $2::text;
        END $$""",
        "CREATE OPERATOR = (LEFTARG = own, RIGHTARG = own, FUNCTION = evil)",
        "CREATE OPERATOR <> (LEFTARG = own, RIGHTARG = own, FUNCTION = evil)");
    Migrator migrator =
        fixture.contracted(
            Fixture.AUTO,
            Migration.define("m").table("t").renameColumn("a", "b").switchRead().dropColumn("a"));
    fixture.execute("UPDATE t SET b = b WHERE id = 1");
    Fixture.undoContract(migrator, "m");
    assertThat(fixture.value("SELECT count(*) FROM t WHERE a::text LIKE '%x%'")).isEqualTo("100");
    assertThat(fixture.value("SELECT string_agg(DISTINCT query, E'\\n') FROM public.calls"))
        .isEqualTo("NULL");
  }
}
