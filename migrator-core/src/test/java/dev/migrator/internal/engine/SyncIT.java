package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Phase;
import dev.migrator.Sync;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the triggers make of each write, whichever side wrote. */
@Tag("server-version")
class SyncIT {

  private final Fixture fixture = new Fixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Migration.DualWritten copy(String type) {
    return Migration.define("copy").table("t").addColumn("b", type).dualWrite("a", "b");
  }

  private void table(String columns) {
    fixture.execute("CREATE TABLE t (id int PRIMARY KEY, other int, " + columns + ")");
  }

  private String row(int id) {
    return fixture.value(
        "SELECT concat_ws('|', coalesce(a::text, '-'), coalesce(b::text, '-')) FROM t WHERE id = "
            + id);
  }

  @Test
  void aCopyFollowsWhicheverSideChanged() {
    table("a text");
    fixture.reach(Phase.DUAL_WRITE, copy("text"));

    fixture.execute(
        "INSERT INTO t (id, a) VALUES (1, 'x')", "INSERT INTO t (id, b) VALUES (2, 'y')");
    fixture.execute(
        "INSERT INTO t (id, a, b) VALUES (3, 'x', 'y')", "INSERT INTO t (id) VALUES (4)");
    assertThat(row(1)).isEqualTo("x|x");
    assertThat(row(2)).isEqualTo("y|y");
    assertThat(row(3)).as("the writer's values stand").isEqualTo("x|y");
    assertThat(row(4)).isEqualTo("-|-");

    fixture.execute("UPDATE t SET other = 1");
    assertThat(row(3)).as("an unrelated update computes nothing").isEqualTo("x|y");

    fixture.execute("UPDATE t SET a = 'z' WHERE id = 1", "UPDATE t SET b = 'z' WHERE id = 2");
    fixture.execute(
        "UPDATE t SET a = 'p', b = 'q' WHERE id = 4", "UPDATE t SET a = NULL WHERE id = 3");
    assertThat(row(1)).isEqualTo("z|z");
    assertThat(row(2)).isEqualTo("z|z");
    assertThat(row(4)).isEqualTo("p|q");
    assertThat(row(3)).isEqualTo("-|-");
  }

  @Test
  void onConflictMergeAndCopyWork() {
    table("a text");
    fixture.reach(Phase.DUAL_WRITE, copy("text"));
    fixture.execute("INSERT INTO t (id, a) VALUES (1, 'x')");

    fixture.execute(
        "INSERT INTO t (id, b) VALUES (1, 'y') ON CONFLICT (id) DO UPDATE SET b = excluded.b");
    assertThat(row(1)).isEqualTo("y|y");
    fixture.execute(
        "INSERT INTO t (id, a) VALUES (1, 'z') ON CONFLICT (id) DO UPDATE SET a = excluded.a");
    assertThat(row(1)).isEqualTo("z|z");
  }

  /** Equal is not the same: 1.0 and 1.00 are one value to {@code =}, and two to a reader. */
  @Test
  void aChangeOfFormIsAChange() {
    table("a numeric");
    fixture.reach(Phase.DUAL_WRITE, copy("numeric"));

    fixture.execute("INSERT INTO t (id, a) VALUES (1, 1.0)", "UPDATE t SET a = 1.00 WHERE id = 1");

    assertThat(row(1)).isEqualTo("1.00|1.00");
  }

  @Test
  void typesWithoutEqualityAreCompared() {
    table("a json");
    fixture.execute("INSERT INTO t (id, a) VALUES (1, '{\"k\": 1}')");
    fixture.reach(Phase.BACKFILL, copy("json").backfill());

    fixture.execute("UPDATE t SET b = '{\"k\": 2}' WHERE id = 1");

    assertThat(row(1)).isEqualTo("{\"k\": 2}|{\"k\": 2}");
  }

  @Test
  void aConstantDefaultIsCopiedAndToldFromAGivenValue() {
    table("a text NOT NULL DEFAULT 'none'");
    fixture.reach(Phase.DUAL_WRITE, copy("text"));

    fixture.execute("INSERT INTO t (id) VALUES (1)", "INSERT INTO t (id, b) VALUES (2, 'new')");
    fixture.execute("INSERT INTO t (id, a) VALUES (3, 'old')");

    assertThat(row(1)).isEqualTo("none|none");
    assertThat(row(2)).isEqualTo("new|new");
    assertThat(row(3)).isEqualTo("old|old");
  }

  @Test
  void anExplicitNullBesideADefaultStaysNull() {
    table("a text DEFAULT 'none'");
    fixture.reach(Phase.DUAL_WRITE, copy("text"));

    fixture.execute(
        "INSERT INTO t (id, a) VALUES (1, NULL)", "INSERT INTO t (id, b) VALUES (2, NULL)");

    assertThat(row(1)).isEqualTo("-|-");
    assertThat(row(2)).isEqualTo("-|-");
  }

  @Test
  void aComputedDefaultYieldsToTheNewSide() {
    table("a timestamptz NOT NULL DEFAULT now()");
    fixture.reach(Phase.DUAL_WRITE, copy("timestamptz"));

    fixture.execute(
        "INSERT INTO t (id) VALUES (1)", "INSERT INTO t (id, b) VALUES (2, '2020-01-01')");

    assertThat(fixture.value("SELECT a = b FROM t ORDER BY id")).isEqualTo("t,t");
    assertThat(fixture.value("SELECT extract(year FROM a) FROM t WHERE id = 2")).isEqualTo("2020");
  }

  @Test
  void theDefaultMovesToTheNewColumn() {
    table("a timestamptz NOT NULL DEFAULT now()");
    fixture.reach(Phase.CONTRACT, copy("timestamptz").backfill().switchRead().dropColumn("a"));

    fixture.execute("INSERT INTO t (id) VALUES (1)");

    assertThat(fixture.value("SELECT b IS NOT NULL FROM t")).isEqualTo("t");
  }

  /** A user's trigger that changes the column after the statement did is followed as well. */
  @Test
  void oursFireBehindTheUsersTriggers() {
    table("a text");
    fixture.execute(
        "CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.a := upper(NEW.a); RETURN NEW; END $$",
        "CREATE TRIGGER zzz_shout BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION shout()");
    fixture.reach(
        Phase.DUAL_WRITE,
        Migration.define("m")
            .acknowledgeFunction("public.shout")
            .table("t")
            .addColumn("b", "text")
            .dualWrite("a", "b"));

    fixture.execute("INSERT INTO t (id, a) VALUES (1, 'x')");

    assertThat(row(1)).isEqualTo("X|X");
  }

  @Test
  void aRowThatIsNotCopiedYetIsCompletedByAnyUpdate() {
    table("a text");
    fixture.execute("INSERT INTO t (id, a) VALUES (1, 'x'), (2, NULL)");
    fixture.reach(Phase.DUAL_WRITE, copy("text"));
    assertThat(row(1)).isEqualTo("x|-");

    fixture.execute("UPDATE t SET other = 1");

    assertThat(row(1)).isEqualTo("x|x");
    assertThat(row(2)).isEqualTo("-|-");
  }

  private static Migration.DualWritten split() {
    return Migration.define("split")
        .table("t")
        .addColumn("first", "text")
        .addColumn("last", "text")
        .dualWrite(
            Sync.of("a")
                .with("first", "last")
                .compute("first", "split_part(a, ' ', 1)")
                .compute("last", "substr(a, length(split_part(a, ' ', 1)) + 2)")
                .compute("a", "concat_ws(' ', first, nullif(last, ''))"));
  }

  private String split(int id) {
    return fixture.value(
        "SELECT concat_ws('|', coalesce(a, '-'), coalesce(first, '-'), coalesce(last, '-')) FROM t WHERE id = "
            + id);
  }

  /** Also where the writer empties the new side, and where a part of a value is empty. */
  @Test
  void aCopiedRowIsNotFilledAgainAndOneWithEmptyPartsIs() {
    fixture.execute("CREATE TYPE pair AS (l int, r int)");
    table("a pair");
    fixture.execute("INSERT INTO t (id, a) VALUES (1, '(1,2)'), (2, '(,2)'), (3, '(,)')");
    fixture.reach(Phase.DUAL_WRITE, copy("pair"));

    fixture.execute("UPDATE t SET other = 1");
    assertThat(row(1)).isEqualTo("(1,2)|(1,2)");
    assertThat(row(2)).isEqualTo("(,2)|(,2)");
    assertThat(row(3)).isEqualTo("(,)|(,)");

    fixture.execute("UPDATE t SET a = '(3,4)', b = NULL WHERE id = 1");
    assertThat(row(1)).as("the writer's values stand").isEqualTo("(3,4)|-");
  }

  @Test
  void oneColumnIsSplitInTwo() {
    table("a text NOT NULL");
    fixture.execute(
        "INSERT INTO t (id, a) VALUES (1, 'Ada Lovelace'), (2, 'Plato'), (3, 'Max Born')");
    fixture.reach(Phase.DUAL_WRITE, split());

    fixture.execute("UPDATE t SET last = 'Byron' WHERE id = 1");
    assertThat(split(1))
        .as("the first name of an old row is not lost")
        .isEqualTo("Ada Byron|Ada|Byron");
    fixture.execute("INSERT INTO t (id, first, last) VALUES (4, 'Emmy', 'Noether')");
    assertThat(split(4)).isEqualTo("Emmy Noether|Emmy|Noether");
    fixture.execute("INSERT INTO t (id, a) VALUES (5, 'Grace Hopper')");
    assertThat(split(5)).isEqualTo("Grace Hopper|Grace|Hopper");
    // What only the new side can say is not computed anew by an unrelated write of an old client.
    fixture.execute(
        "UPDATE t SET first = 'Anna Maria', last = 'Sibylla' WHERE id = 4",
        "UPDATE t SET other = 9");
    assertThat(split(4)).isEqualTo("Anna Maria Sibylla|Anna Maria|Sibylla");

    fixture.reach(Phase.CONTRACT, split().backfill().switchRead().dropColumn("a"));
    assertThat(fixture.value("SELECT concat_ws('|', first, last) FROM t ORDER BY id"))
        .isEqualTo("Ada|Byron,Plato|,Max|Born,Anna Maria|Sibylla,Grace|Hopper");
  }

  @Test
  void twoColumnsAreMergedIntoOne() {
    table("a text NOT NULL, z text");
    fixture.execute("INSERT INTO t (id, a, z) VALUES (1, 'Ada', 'Lovelace'), (2, 'Plato', NULL)");
    Migration.Backfilled merge =
        Migration.define("merge")
            .table("t")
            .addColumn("b", "text")
            .dualWrite(
                Sync.of("a", "z")
                    .with("b")
                    .compute("b", "concat_ws(' ', a, z)")
                    .compute("a", "split_part(b, ' ', 1)")
                    .compute("z", "nullif(substr(b, length(split_part(b, ' ', 1)) + 2), '')"))
            .backfill();
    fixture.reach(Phase.BACKFILL, merge);

    fixture.execute(
        "UPDATE t SET z = 'Byron' WHERE id = 1", "UPDATE t SET b = 'Emmy Noether' WHERE id = 2");

    assertThat(fixture.value("SELECT concat_ws('|', a, z, b) FROM t ORDER BY id"))
        .isEqualTo("Ada|Byron|Ada Byron,Emmy|Noether|Emmy Noether");
  }

  /** A new reader may not know NULL: what the old side leaves open is filled. */
  @Test
  void nullsOfTheOldSideAreFilledByTheTransform() {
    table("a text");
    fixture.execute("INSERT INTO t (id, a) VALUES (1, NULL), (2, 'x')");
    fixture.reach(
        Phase.BACKFILL,
        Migration.define("fill")
            .table("t")
            .addColumn("b", "text")
            .dualWrite(
                Sync.of("a").with("b").compute("b", "coalesce(a, 'unknown')").compute("a", "b"))
            .backfill());
    fixture.execute("INSERT INTO t (id, a) VALUES (3, NULL)", "UPDATE t SET a = NULL WHERE id = 2");

    assertThat(fixture.value("SELECT b FROM t ORDER BY id")).isEqualTo("unknown,unknown,unknown");
  }

  /** PEERS 9.18: a NULL that a new client gave survives unrelated updates of old clients. */
  @Test
  void aNullOfTheNewSideSurvivesUnrelatedUpdates() {
    table("a text NOT NULL");
    fixture.execute("INSERT INTO t (id, a) VALUES (1, 'x')");
    Migration.Backfilled loosen =
        Migration.define("loosen")
            .table("t")
            .addColumn("b", "text")
            .dualWrite(
                Sync.of("a").with("b").compute("b", "a").compute("a", "coalesce(b, 'placeholder')"))
            .backfill();
    fixture.reach(Phase.BACKFILL, loosen);

    fixture.execute("UPDATE t SET b = NULL WHERE id = 1", "UPDATE t SET other = 5 WHERE id = 1");

    assertThat(row(1)).isEqualTo("placeholder|-");
  }

  /**
   * A transform that fails on a value must not fail the write of a release that does not know it.
   */
  @Test
  void aFailingTransformDoesNotFailTheOldClient() {
    table("a text");
    fixture.reach(
        Phase.DUAL_WRITE,
        Migration.define("cast")
            .table("t")
            .addColumn("b", "integer")
            .dualWrite(Sync.of("a").with("b").compute("b", "a::integer").compute("a", "b::text")));

    fixture.execute("INSERT INTO t (id, a) VALUES (1, '12'), (2, 'twelve')");

    assertThat(row(1)).isEqualTo("12|12");
    assertThat(row(2)).isEqualTo("twelve|-");
  }

  @Test
  void theClientsSearchPathDoesNotMatter() {
    table("a text");
    fixture.execute(
        "CREATE SCHEMA evil",
        "CREATE FUNCTION evil.upper(text) RETURNS text LANGUAGE sql AS $$ SELECT 'stolen' $$");
    fixture.reach(
        Phase.DUAL_WRITE,
        Migration.define("path")
            .table("t")
            .addColumn("b", "text")
            .dualWrite(Sync.of("a").with("b").compute("b", "upper(a)").compute("a", "lower(b)")));

    fixture.execute(
        "SET LOCAL search_path = evil, pg_catalog; INSERT INTO public.t (id, a) VALUES (1, 'x')");

    assertThat(row(1)).isEqualTo("x|X");
  }

  /**
   * Also where {@code =} takes both values for the same, by their type or because somebody has made
   * one that the writer's path finds first.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "text;text;x;y",
        "text;text;'';' '",
        "varchar(9);varchar;x;y",
        "text COLLATE folding;text;x;X",
        "varchar(9) COLLATE folding;varchar;x;X",
        "char(9);char;x;y",
        "bpchar;bpchar;'x';'x '",
        "int;int;1;2",
        "bigint;bigint;1;2",
        "boolean;boolean;false;true",
        "uuid;uuid;00000000-0000-0000-0000-000000000001;00000000-0000-0000-0000-000000000002",
        "timestamptz(3);timestamptz;2026-01-01 00:00:00+00;2026-01-01 00:00:00.001+00",
        "bytea;bytea;'';\\x00",
        "numeric;numeric;1.0;1.00",
        "int[];int[];{1};'{1,2}'",
        "json;json;{};{ }"
      })
  void everyChangeIsSeen(String type, String operand, String one, String other) {
    fixture.execute(
        "CREATE COLLATION folding (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
        "CREATE SCHEMA evil",
        "CREATE FUNCTION evil.same(%1$s, %1$s) RETURNS boolean LANGUAGE sql AS 'SELECT true'"
            .formatted(operand),
        "CREATE FUNCTION evil.differs(%1$s, %1$s) RETURNS boolean LANGUAGE sql AS 'SELECT false'"
            .formatted(operand),
        "CREATE OPERATOR evil.= (LEFTARG = %1$s, RIGHTARG = %1$s, FUNCTION = evil.same)"
            .formatted(operand),
        "CREATE OPERATOR evil.<> (LEFTARG = %1$s, RIGHTARG = %1$s, FUNCTION = evil.differs)"
            .formatted(operand));
    table("a " + type);
    fixture.execute("INSERT INTO t (id, a) VALUES (1, '%s')".formatted(one));
    fixture.reach(Phase.BACKFILL, Migration.define("copy").table("t").renameColumn("a", "b"));

    for (String path : List.of("evil, pg_catalog", "public")) {
      for (String column : List.of("a", "b")) {
        for (String value : List.of("'" + other + "'", "NULL", "'" + one + "'")) {
          fixture.execute(
              "SET LOCAL search_path = %s; UPDATE public.t SET %s = %s"
                  .formatted(path, column, value));
          assertThat(
                  fixture.value(
                      "SELECT row(a)::record *= row(b)::record AND row(a)::record *= row(%s::%s)::record FROM t"
                          .formatted(value, type)))
              .as("%s = %s", column, value)
              .isEqualTo("t");
        }
      }
    }
  }

  /** Question marks are operators in a transform, not parameters. */
  @Test
  void aTransformMayUseAnyOperator() {
    table("a jsonb");
    fixture.execute("INSERT INTO t (id, a) VALUES (1, '{\"vip\": true}')");
    fixture.reach(
        Phase.BACKFILL,
        Migration.define("operator")
            .table("t")
            .addColumn("b", "boolean")
            .dualWrite(
                Sync.of("a")
                    .with("b")
                    .compute("b", "a ? 'vip'")
                    .compute("a", "CASE WHEN b THEN '{\"vip\": true}'::jsonb ELSE '{}'::jsonb END"))
            .backfill());
    fixture.execute("INSERT INTO t (id, b) VALUES (2, false)");

    assertThat(row(1)).isEqualTo("{\"vip\": true}|true");
    assertThat(row(2)).isEqualTo("{}|false");
  }
}
