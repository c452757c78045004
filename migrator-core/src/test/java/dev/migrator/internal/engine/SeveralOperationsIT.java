package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.RecipeLife.refusedAtStart;
import static dev.migrator.internal.engine.RecipeLife.run;
import static dev.migrator.internal.engine.RecipeLife.undo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Phase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several operations of one migration that work on rows. */
class SeveralOperationsIT {

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void tables() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL, c text, n int)",
        "INSERT INTO t SELECT n, 'a' || n, 'c' || n, NULLIF(n % 3, 0) FROM generate_series(1, 500) n",
        "CREATE TABLE other (id int PRIMARY KEY, a text)");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void twoRenamesOfOneTableGoTogetherAndComeBackTogether() {
    Migration both =
        Migration.define("m")
            .table("t")
            .renameColumn("a", "b")
            .switchRead()
            .dropColumn("a")
            .and()
            .table("t")
            .renameColumn("c", "d")
            .switchRead()
            .dropColumn("c");
    String before = sorted();
    run(fixture, both);
    assertThat(fixture.value("SELECT count(*) FROM t WHERE b = 'a' || id AND d = 'c' || id"))
        .isEqualTo("500");
    fixture.execute("UPDATE t SET b = 'new' WHERE id = 7");
    undo(fixture, both);
    assertThat(fixture.value("SELECT a FROM t WHERE id = 7")).isEqualTo("new");
    assertThat(sorted()).isEqualTo(before);
  }

  @Test
  void twoRenamesOfOneTableShareOnePass() {
    Migration both =
        Migration.define("m")
            .table("t")
            .renameColumn("a", "b")
            .switchRead()
            .and()
            .table("t")
            .renameColumn("c", "d")
            .switchRead();
    fixture.execute(
        "CREATE TABLE written (id int)",
        "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.written VALUES (NEW.id); RETURN NULL; END'",
        "CREATE TRIGGER note AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION note()");
    run(fixture, both);
    assertThat(fixture.value("SELECT count(*) FROM t WHERE b = 'a' || id AND d = 'c' || id"))
        .isEqualTo("500");
    assertThat(fixture.value("SELECT count(*) || ' ' || count(DISTINCT id) FROM written"))
        .as("each row is written once")
        .isEqualTo("500 500");
    assertThat(
            fixture.value(
                "SELECT string_agg(name, ' ' ORDER BY position) FROM migrator.step WHERE phase = 'BACKFILL'"))
        .isEqualTo("backfill-together add-not-NULL validate-added-not-NULL verify-together");
    assertThat(
            fixture.value("SELECT rows_verified || ' ' || rows_differing FROM migrator.backfill"))
        .as("nothing was left to the verification")
        .isEqualTo("500 0");
  }

  /** Which version of the library leads may change in the middle of a phase. */
  @Test
  void whatAnEarlierVersionHasCopiedInPassesOfTheirOwnIsGoneOnWith() {
    fixture.reach(
        Phase.DUAL_WRITE,
        Migration.define("m")
            .table("t")
            .addColumn("b", "text")
            .dualWrite("a", "b")
            .and()
            .table("t")
            .addColumn("d", "text")
            .dualWrite("c", "d"));
    fixture.execute(
        "UPDATE t SET b = a",
        """
        INSERT INTO migrator.backfill (migration_id, rows_estimated, rows_done, finished_at, copied)
        SELECT 'm', 500, 500, now(), ARRAY['t'::regclass::oid::text]""",
        """
        INSERT INTO migrator.step (migration_id, name, phase, position, state, attempts, definition, seal)
        SELECT migration_id, 'backfill', 'BACKFILL', 10, 'DONE', 1, definition, seal
          FROM migrator.step WHERE name = 'keep-in-step'""");
    fixture.reach(
        Phase.BACKFILL,
        Migration.define("m")
            .table("t")
            .addColumn("b", "text")
            .dualWrite("a", "b")
            .backfill()
            .and()
            .table("t")
            .addColumn("d", "text")
            .dualWrite("c", "d")
            .backfill());
    assertThat(fixture.value("SELECT count(*) FROM t WHERE b = 'a' || id AND d = 'c' || id"))
        .isEqualTo("500");
  }

  @Test
  void whatFillsRowsGoesBesideARename() {
    Migration migration =
        Migration.define("m")
            .table("t")
            .renameColumn("a", "b")
            .switchRead()
            .dropColumn("a")
            .and()
            .table("t")
            .addColumn("key", "uuid", it -> it.defaultValue("gen_random_uuid()").notNull())
            .and()
            .table("t")
            .setNotNull("n")
            .fillNullsWith("0")
            .stopFilling();
    run(fixture, migration);
    assertThat(fixture.value("SELECT count(DISTINCT key) || ' ' || count(n) FROM t"))
        .isEqualTo("500 500");
    assertThat(fixture.value("SELECT count(*) FROM t WHERE b = 'a' || id")).isEqualTo("500");
  }

  @Test
  void severalTablesAreRefused() {
    refusedAtStart(
        fixture,
        Migration.define("m")
            .table("t")
            .renameColumn("a", "b")
            .and()
            .table("other")
            .renameColumn("a", "b"),
        "MIG-1017",
        "public.other, public.t");
  }

  private String sorted() {
    return fixture.catalog().lines().sorted().reduce("", (all, line) -> all + line + "\n");
  }
}
