package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.OperationLife.refusedAtStart;
import static dev.migrator.internal.engine.OperationLife.run;
import static dev.migrator.internal.engine.OperationLife.undo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.MigrationBuilder;
import dev.migrator.Phase;
import dev.migrator.Sync;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    fixture.execute(
        "ALTER TABLE t ALTER a DROP NOT NULL, ALTER c SET NOT NULL",
        "UPDATE t SET a = NULL WHERE id % 2 = 0");
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
        "UPDATE t SET b = a WHERE a IS NOT NULL",
        """
        INSERT INTO migrator.backfill (migration_id, rows_estimated, rows_done, finished_at, copied, ranges)
        SELECT 'm', 500, 500, now(), ARRAY['t'::regclass::oid::text],
               jsonb_build_object('assignments', '"b" = ("a")')""",
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
    assertThat(
            fixture.value(
                "SELECT count(*) FROM t WHERE b IS NOT DISTINCT FROM a AND d = 'c' || id"))
        .isEqualTo("500");
  }

  /** NOT NULL is asked for before a verification would find what was not copied. */
  @Test
  void eachStepThatCopiesRowsCopiesAllOfThem() {
    fixture.execute("ALTER TABLE t ALTER c SET NOT NULL");
    run(
        fixture,
        Migration.define("m")
            .table("t")
            .setNotNull("n")
            .fillNullsWith("0")
            .and()
            .table("t")
            .renameColumn("c", "d"));
    assertThat(fixture.value("SELECT count(*) FROM t WHERE d = 'c' || id AND n IS NOT NULL"))
        .isEqualTo("500");
  }

  @ParameterizedTest
  @ValueSource(strings = {"c", "upper(c)"})
  void rowsOfAPartitionThatComesBeforeReadsSwitchAreCopiedForAll(String transform) {
    fixture.execute(
        "CREATE TABLE p (id int, a text, c text) PARTITION BY RANGE (id)",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (100)",
        "INSERT INTO p SELECT n, 'a' || n, 'C' || n FROM generate_series(0, 99) n");
    fixture.reach(Phase.BACKFILL, pair(transform, false));
    fixture.execute(
        "CREATE TABLE p2 (LIKE p)",
        "INSERT INTO p2 (id, a, c) SELECT n, 'a' || n, 'C' || n FROM generate_series(100, 199) n",
        "ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM (100) TO (200)");
    fixture.reach(Phase.SWITCH_READ, pair(transform, true));
    assertThat(fixture.value("SELECT count(*) FROM p WHERE b = 'a' || id AND d = 'C' || id"))
        .isEqualTo("200");
  }

  private static Migration pair(String transform, boolean switches) {
    Migration.Backfilled first =
        Migration.define("m").table("p").addColumn("b", "text").dualWrite("a", "b").backfill();
    MigrationBuilder next = (switches ? first.switchRead() : first).and();
    Migration.Backfilled second =
        transform.equals("c")
            ? next.table("p").addColumn("d", "text").dualWrite("c", "d").backfill()
            : next.table("p")
                .addColumn("d", "text")
                .dualWrite(Sync.of("c").with("d").compute("d", transform).compute("c", "d"))
                .backfill();
    return switches ? second.switchRead() : second;
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
