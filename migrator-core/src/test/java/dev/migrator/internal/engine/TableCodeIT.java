package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.OperationLife.refusedAtStart;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.MigrationBuilder;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.status.MigrationStatus.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Code of the database that a new column breaks, and triggers that write one side only. */
@Tag("server-version")
class TableCodeIT {

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text, title text)",
        "INSERT INTO t VALUES (1, 'x', 'X')",
        "CREATE TABLE t_history (id int, a text, title text)");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Migration.Backfilled rename(MigrationBuilder builder) {
    return builder.table("t").renameColumn("a", "b");
  }

  private static Migration.Backfilled rename() {
    return rename(Migration.define("m"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO t_history SELECT OLD.*;
          RETURN NULL;
        END $$;
        CREATE TRIGGER history AFTER UPDATE OR DELETE ON t FOR EACH ROW EXECUTE FUNCTION f()
        """,
        """
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO public.t_history VALUES (NEW.*);
          RETURN NEW;
        END $$;
        CREATE TRIGGER history BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()
        """,
        """
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO t_history SELECT (OLD).*;
          RETURN NULL;
        END $$;
        CREATE TRIGGER history AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f()
        """,
        """
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO t_history SELECT * FROM changed;
          RETURN NULL;
        END $$;
        CREATE TRIGGER history AFTER UPDATE ON t REFERENCING OLD TABLE AS changed
          FOR EACH STATEMENT EXECUTE FUNCTION f()
        """,
        """
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          EXECUTE format('INSERT INTO %I SELECT ($1).*', TG_TABLE_NAME || '_history') USING OLD;
          RETURN NULL;
        END $$;
        CREATE TRIGGER history AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f()
        """,
        """
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          EXECUTE 'INSERT INTO ' || TG_ARGV[0] || ' VALUES ($1.*)' USING OLD;
          RETURN NULL;
        END $$;
        CREATE TRIGGER history AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f('t_history')
        """,
        """
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF NEW.title = '\\' THEN
            RETURN NULL;
          END IF;
          INSERT INTO t_history SELECT OLD.*;
          RETURN NULL;
        END $$;
        CREATE TRIGGER history AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f()
        """,
        "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'INSERT INTO t_history SELECT * FROM t WHERE id < 3'",
        "CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql AS 'SELECT id, a, title FROM t'",
        """
        CREATE FUNCTION f() RETURNS SETOF t LANGUAGE plpgsql AS $$
        BEGIN
          RETURN QUERY SELECT id, a, title FROM t;
        END $$
        """
      })
  void whatUsesTheRowByPositionIsRefusedByName(String code) {
    fixture.execute(code);
    refusedAtStart(fixture, rename(), "MIG-1410", "f()", "acknowledgeFunction");
    refusedAtStart(
        fixture, Migration.define("n").table("t").addColumn("n", "int"), "MIG-1410", "f()");
    fixture.reach(
        Phase.EXPAND,
        Migration.define("n").acknowledgeFunction("public.f").table("t").addColumn("n", "int"));
  }

  /** Its star was taken for the columns of that day. */
  @Test
  void aFunctionThatWasParsedWhenItWasMadeIsRefused() {
    fixture.execute(
        "CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql BEGIN ATOMIC SELECT * FROM t; END");
    refusedAtStart(
        fixture, Migration.define("n").table("t").addColumn("n", "int"), "MIG-1410", "f()");
  }

  /** It names its columns, or takes the row as a whole, or has the whole row as one value. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO t_history (id, a, title) SELECT OLD.id, OLD.a, OLD.title;
          RETURN NULL;
        END $$;
        CREATE TRIGGER history AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f()
        """,
        "CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t'",
        "CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql AS 'SELECT t FROM t'",
        "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM t'",
        """
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          EXECUTE format('INSERT INTO %I (id, a) SELECT $1.id, $1.a', TG_TABLE_NAME || '_history') USING OLD;
          RETURN NULL;
        END $$;
        CREATE TRIGGER history AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f()
        """,
        """
        CREATE FUNCTION f() RETURNS SETOF t LANGUAGE plpgsql AS $$
        DECLARE
          r t;
        BEGIN
          FOR r IN SELECT * FROM t LOOP
            RETURN NEXT r;
          END LOOP;
        END $$
        """
      })
  void whatIsHarmlessIsLeft(String code) {
    fixture.execute(code);
    fixture.reach(Phase.BACKFILL, rename());
    fixture.execute("UPDATE t SET a = 'y'");
    if (!code.contains("trigger")) {
      assertThat(fixture.value("SELECT count(*) FROM f()")).isEqualTo("1");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NEW.a := coalesce(NEW.a, lower(NEW.title));",
        "IF NEW.a IS NULL THEN new.\"a\" = lower(NEW.title); END IF;",
        "SELECT lower(NEW.title), NEW.title INTO NEW.a, NEW.title;",
        "NEW := jsonb_populate_record(NEW, '{\"a\": \"z\"}');"
      })
  void aTriggerThatWritesTheOldSideIsNamedBeforeAnythingIsDone(String statement) {
    beforeTrigger(statement);
    refusedAtStart(fixture, rename(), "MIG-1409", "f(): line 2 writes \"a\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NEW.title := coalesce(NEW.a, NEW.title);",
        "IF NEW.a = 'x' THEN NEW.title := 'X'; END IF;",
        "SELECT count(*) INTO NEW.id FROM t_history WHERE a = NEW.a;"
      })
  void oneThatReadsItIsNone(String statement) {
    beforeTrigger(statement);
    fixture.reach(Phase.BACKFILL, rename());
  }

  /** Of a function of the server's own, nothing but its arguments can be read. */
  @Test
  void aTriggerThatGetsTheOldSideToWriteIsOneThatWritesIt() {
    fixture.execute(
        "ALTER TABLE t ADD words tsvector",
        "CREATE TRIGGER words BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger(words, 'pg_catalog.english', title)");
    Migration.Backfilled words = Migration.define("m").table("t").renameColumn("words", "w");
    refusedAtStart(fixture, words, "MIG-1409", "tsvector_update_trigger()", "\"words\"");
    fixture.reach(Phase.BACKFILL, Migration.define("n").table("t").renameColumn("title", "w"));
  }

  @Test
  void triggersOfOnePartitionAreThoseOfTheTable() {
    fixture.execute(
        "CREATE TABLE p (id int, a text, title text) PARTITION BY RANGE (id)",
        "CREATE TABLE low PARTITION OF p FOR VALUES FROM (0) TO (10)",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t_history SELECT OLD.*; RETURN NULL; END $$",
        "CREATE TRIGGER history AFTER UPDATE ON low FOR EACH ROW EXECUTE FUNCTION f()");
    Migration.Backfilled change = Migration.define("p").table("p").renameColumn("a", "b");
    refusedAtStart(fixture, change, "MIG-1410", "f()");
    fixture.execute(
        "DROP FUNCTION f CASCADE",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.a := lower(NEW.title); RETURN NEW; END $$",
        "CREATE TRIGGER writes BEFORE INSERT ON low FOR EACH ROW EXECUTE FUNCTION f()");
    refusedAtStart(fixture, change, "MIG-1409", "f(): line 1 writes \"a\"");
  }

  /**
   * Each write would fail, or the row not be seen, as soon as there is a column without a value.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE t ADD CONSTRAINT full_row CHECK (t IS NOT NULL)",
        "CREATE POLICY full_row ON t USING (t IS NOT NULL)",
        "CREATE INDEX full_row ON t ((t IS NOT NULL))",
        "CREATE INDEX full_row ON t (id) WHERE t IS NOT NULL"
      })
  void whatLooksAtTheWholeRowIsRefusedByName(String code) {
    fixture.execute(code);
    refusedAtStart(fixture, rename(), "MIG-1410", "full_row");
    refusedAtStart(
        fixture, Migration.define("n").table("t").addColumn("n", "int"), "MIG-1410", "full_row");
  }

  @Test
  void aTriggerOfATableOfTheSameNameInAnotherSchemaIsNotInTheWay() {
    fixture.execute(
        "CREATE SCHEMA other",
        "CREATE TABLE other.t (a tsvector, title text)",
        "CREATE TRIGGER words BEFORE INSERT ON other.t FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger(a, 'pg_catalog.english', title)");
    fixture.reach(Phase.BACKFILL, rename());
  }

  /** Its query has a table of its own, whose whole row it takes. */
  @Test
  void aPolicyThatTakesTheWholeRowOfAnotherTableIsNotInTheWay() {
    fixture.execute(
        "CREATE TABLE member (id int, t_id int)",
        "CREATE FUNCTION active(member) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "CREATE POLICY other_row ON t USING (EXISTS (SELECT FROM member m WHERE m.t_id = t.id AND active(m) AND m IS NOT NULL))");
    fixture.reach(Phase.EXPAND, Migration.define("n").table("t").addColumn("n", "int"));
    fixture.execute(
        "CREATE POLICY full_row ON t USING (EXISTS (SELECT FROM member m WHERE m.t_id = t.id AND t IS NOT NULL))");
    refusedAtStart(
        fixture, Migration.define("o").table("t").addColumn("o", "int"), "MIG-1410", "full_row");
  }

  /** Whether a function looks at columns only, its author knows. */
  @Test
  void anIndexByAFunctionOfTheRowIsInTheWayUnlessThatIsRight() {
    fixture.execute(
        "CREATE FUNCTION label(t) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT $1.id::text'",
        "CREATE INDEX full_row ON t (label(t))");
    refusedAtStart(
        fixture,
        Migration.define("n").table("t").addColumn("n", "int"),
        "MIG-1410",
        "full_row",
        "public.label takes the whole row");
    fixture.reach(
        Phase.EXPAND,
        Migration.define("n").acknowledgeFunction("public.label").table("t").addColumn("n", "int"));
  }

  /** The server would refuse it in the middle of the change. */
  @Test
  void aTableThatHasItsColumnsFromATypeIsRefused() {
    fixture.execute("CREATE TYPE kind AS (id int, a text)", "CREATE TABLE typed OF kind");
    refusedAtStart(
        fixture,
        Migration.define("m").table("typed").renameColumn("a", "b"),
        "MIG-1501",
        "of the type kind");
    refusedAtStart(
        fixture, Migration.define("m").table("typed").addColumn("b", "int"), "of the type kind");
    refusedAtStart(
        fixture, Migration.define("m").table("typed").dropColumn("a"), "of the type kind");
    fixture.execute("ALTER TABLE typed NOT OF");
    fixture.reach(Phase.BACKFILL, Migration.define("m").table("typed").renameColumn("a", "b"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE u (r t)",
        "CREATE TABLE u (r t[])",
        "CREATE DOMAIN d AS t; CREATE TYPE c AS (x d); CREATE TABLE u (r c)"
      })
  void whatChangesStoredRowsIsRefused(String code) {
    fixture.execute(code, "ALTER TABLE t ADD code varchar(5)");
    refusedAtStart(
        fixture,
        Migration.define("m").table("t").changeType("code", "text"),
        "MIG-1303",
        "stored as values in u.r");
    refusedAtStart(
        fixture,
        Migration.define("m").table("t").addColumn("n", "int", it -> it.defaultValue("1")),
        "stored as values in u.r",
        "fillNullsWith");
    fixture.reach(Phase.BACKFILL, rename());
  }

  /** What the text does not show is found by the verification, which names who can be the cause. */
  @Test
  void theVerificationNamesWhoCanBeTheCause() {
    beforeTrigger("NEW.a := coalesce(NEW.a, lower(NEW.title));");
    Migration.Backfilled acknowledged =
        rename(Migration.define("m").acknowledgeFunction("public.f"));
    fixture.reach(Phase.SWITCH_READ, acknowledged.switchRead());
    fixture.execute("INSERT INTO t (id, b, title) VALUES (2, 'given', 'Title')");
    Migrator migrator = fixture.migrator(Fixture.AUTO, acknowledged.switchRead().dropColumn("a"));
    migrator.prepare();
    migrator.start();
    // A hold names the function first, as its text names the column.
    fixture.execute("ALTER FUNCTION f() RENAME TO g");
    fixture.execute(
        "CREATE OR REPLACE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$");
    Fixture.awaitState(migrator, "m", State.FAILED);
    assertThat(migrator.status("m").orElseThrow().holds().get(0).message())
        .contains("1 rows of public.t differ", "before_it (g())");
  }

  private void beforeTrigger(String statement) {
    fixture.execute(
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n"
            + statement
            + "\nRETURN NEW; END $$",
        "CREATE TRIGGER before_it BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f()");
  }
}
