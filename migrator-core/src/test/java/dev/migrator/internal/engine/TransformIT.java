package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.OperationLife.refusedAtStart;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Phase;
import dev.migrator.Sync;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Transforms run in the session of every writer: what they must not depend on. */
class TransformIT {

  private final Fixture fixture = new Fixture();

  private final String role = "writer_" + UUID.randomUUID().toString().substring(0, 8);

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text, at timestamp, tz timestamptz, d date, n int)",
        "CREATE ROLE %s LOGIN PASSWORD 'secret'".formatted(role));
  }

  @AfterEach
  void close() {
    fixture.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
    fixture.close();
  }

  private static Migration.Backfilled change(
      String from, String type, String forward, String backward) {
    return Migration.define("m")
        .table("t")
        .addColumn("b", type)
        .dualWrite(Sync.of(from).with("b").compute("b", forward).compute(from, backward))
        .backfill();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          at | timestamptz | at::timestamptz | b AT TIME ZONE 'UTC' | timestamptz(timestamp without time zone)
          at | timestamptz | at AT TIME ZONE 'UTC' | b::timestamp | (timestamp with time zone)
          d | text | d::text | b::date | TimeZone, DateStyle
          tz | text | concat(tz) | b::timestamptz | concat("any")
          n | text | to_char(n, 'L9') | b::int | to_char(integer,text)
          n | timestamptz | now() | n | now()
          """)
  void whatDependsOnTheSessionIsRefused(
      String from, String type, String forward, String backward, String named) {
    refusedAtStart(fixture, change(from, type, forward, backward), "not immutable", named);
  }

  @Test
  void aPlainCopyBetweenTypesIsJudgedByItsCast() {
    refusedAtStart(
        fixture,
        Migration.define("m")
            .table("t")
            .addColumn("b", "timestamptz")
            .dualWrite(Sync.of("at").with("b"))
            .backfill(),
        "not immutable",
        "AT TIME ZONE");
  }

  @Test
  void anImmutableFormIsAccepted() {
    fixture.execute("INSERT INTO t (id, at) VALUES (1, '2026-01-01 12:00')");
    fixture.reach(
        Phase.BACKFILL,
        change("at", "timestamptz", "at AT TIME ZONE 'UTC'", "b AT TIME ZONE 'UTC'"));
    assertThat(fixture.value("SELECT b AT TIME ZONE 'UTC' FROM t"))
        .isEqualTo("2026-01-01 12:00:00");
  }

  @Test
  void textsAreSimplyPutTogether() {
    fixture.execute("INSERT INTO t (id, a) VALUES (1, 'x')");
    fixture.reach(
        Phase.BACKFILL, change("a", "text", "concat_ws(' ', a, 'y')", "split_part(b, ' ', 1)"));
    assertThat(fixture.value("SELECT b FROM t")).isEqualTo("x y");
  }

  @Test
  void everyWriterMustBeAllowedToCallIt() {
    fixture.execute(
        "CREATE SCHEMA own",
        "CREATE FUNCTION own.up(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT upper($1)'",
        "GRANT INSERT ON t TO " + role);
    Migration.Backfilled upper = change("a", "text", "own.up(a)", "lower(b)");
    refusedAtStart(fixture, upper, role, "USAGE on the schema of own.up(text)");
    fixture.execute(
        "GRANT USAGE ON SCHEMA own TO " + role, "REVOKE EXECUTE ON FUNCTION own.up FROM PUBLIC");
    refusedAtStart(fixture, upper, role, "EXECUTE on own.up(text)");
    fixture.execute("GRANT EXECUTE ON FUNCTION own.up TO " + role);
    fixture.reach(Phase.BACKFILL, upper);
  }

  /** The text is read in the writer's session, which finds only what its role may use. */
  @Test
  void everyWriterMustFindItsOperatorsAndTypes() {
    fixture.execute(
        "CREATE SCHEMA own",
        "CREATE FUNCTION own.plus(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1 || $2'",
        "CREATE OPERATOR own.+ (LEFTARG = text, RIGHTARG = text, FUNCTION = own.plus)",
        "CREATE DOMAIN own.word AS text",
        "GRANT INSERT ON t TO " + role);
    refusedAtStart(
        fixture,
        change("a", "text", "a OPERATOR(own.+) 'x'", "rtrim(b, 'x')"),
        role,
        "USAGE on the schema of operator own.+(text,text)");
    refusedAtStart(
        fixture,
        change("a", "text", "upper(a::own.word)", "lower(b)"),
        role,
        "USAGE on the schema of type own.word");
    fixture.execute("GRANT USAGE ON SCHEMA own TO " + role);
    fixture.reach(Phase.BACKFILL, change("a", "text", "a OPERATOR(own.+) 'x'", "rtrim(b, 'x')"));
  }

  /** A privilege that was taken away later is no fault of the value: what was copied stays. */
  @Test
  void anErrorOfTheEnvironmentDestroysNothing() throws Exception {
    fixture.execute(
        "CREATE SCHEMA own",
        "CREATE FUNCTION own.up(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT upper($1)'",
        "GRANT USAGE ON SCHEMA own TO " + role,
        "GRANT SELECT, INSERT, UPDATE ON t TO " + role,
        "INSERT INTO t (id, a) VALUES (1, 'x')");
    fixture.reach(Phase.BACKFILL, change("a", "text", "own.up(a)", "lower(b)"));
    fixture.execute("REVOKE USAGE ON SCHEMA own FROM " + role);
    try (Connection writer =
        DriverManager.getConnection(fixture.database().jdbcUrl(), role, "secret")) {
      writer.createStatement().execute("UPDATE t SET a = 'y'");
    }
    assertThat(fixture.value("SELECT a || b FROM t")).isEqualTo("yX");
  }

  /** The server calls these immutable; a client's settings must not decide what a row has. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "double precision; extra_float_digits = -5; 1/3.0; a::text; b::float8",
        "real; extra_float_digits = -3; 1/3.0; a::text; b::real",
        "bytea; bytea_output = escape; decode('deadbeef', 'hex'); a::text; b::bytea",
        "text; transform_null_equals = on; NULL; coalesce((a = NULL)::text, 'unknown'); NULL",
        "int; array_nulls = off; 1; coalesce(('{NULL}'::text[])[1], 'none') || a::text; a"
      })
  void settingsOfASessionDecideNothing(
      String type, String setting, String value, String forward, String back) {
    fixture.execute(
        "CREATE TABLE v (id int PRIMARY KEY, a " + type + ")",
        "INSERT INTO v VALUES (1, " + value + ")");
    fixture.reach(
        Phase.SWITCH_READ,
        Migration.define("m")
            .table("v")
            .addColumn("b", "text")
            .dualWrite(
                Sync.of("a")
                    .with("b")
                    .compute("b", forward)
                    .compute("a", back.equals("a") ? "length(b)" : back))
            .backfill()
            .switchRead());
    fixture.execute(
        "BEGIN; SET LOCAL "
            + setting
            + "; INSERT INTO v (id, a) VALUES (2, "
            + value
            + "); COMMIT");
    assertThat(fixture.value("SELECT count(DISTINCT b) || ' ' || count(b) FROM v"))
        .isEqualTo("1 2");
  }
}
