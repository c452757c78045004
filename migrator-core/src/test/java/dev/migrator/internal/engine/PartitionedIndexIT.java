package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.awaitPhase;
import static dev.migrator.internal.engine.OperationLife.refusal;
import static dev.migrator.internal.engine.OperationLife.refusedAtStart;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Indexes of a partitioned table, in two levels, with a default partition and one whose columns are
 * in another order: built partition by partition, and a whole at once.
 */
@Tag("server-version")
class PartitionedIndexIT extends PartitionedIndexes {

  /** There and back and there again; the names of all parts stay what they were. */
  @Test
  void itIsCopiedToTheNewColumnAndBack() {
    fixture.execute(
        "ALTER INDEX one_a_idx RENAME TO \"Mine\"",
        "ALTER INDEX hashed_a_idx RENAME TO of_hashed",
        "CREATE INDEX \"By\" ON t (lower(a) DESC, id) INCLUDE (region) WITH (fillfactor = 70) WHERE (a <> 'x')");
    String before = fixture.catalog();
    fixture.reach(Phase.BACKFILL, rename());
    assertThat(fixture.value(ON_NEW_COLUMN)).isEqualTo(COMPLETE);
    undoTo(rename(), Phase.DUAL_WRITE);
    assertThat(fixture.value(ON_NEW_COLUMN)).isEmpty();
    undoTo(rename(), Phase.EXPAND);
    undoTo(rename(), null);
    assertThat(fixture.catalog()).isEqualTo(before);

    resume();
    fixture.reach(Phase.SWITCH_READ, rename().switchRead());
    String switched = fixture.catalog();
    Migration whole = rename().switchRead().dropColumn("a");
    Migrator migrator = started(fixture.dataSource(), whole);
    awaitPhase(migrator, "m", Phase.CONTRACT);
    migrator.close();
    assertThat(indexes(fixture.catalog())).isEqualTo(indexes(renamed(before)));
    undoTo(whole, Phase.SWITCH_READ);
    assertThat(Catalogs.sorted(fixture.catalog())).isEqualTo(Catalogs.sorted(switched));

    resume();
    fixture.reach(Phase.CONTRACT, whole);
    assertThat(Catalogs.sorted(fixture.catalog())).isEqualTo(Catalogs.sorted(renamed(before)));
    fixture.execute("CREATE TABLE later PARTITION OF t FOR VALUES IN (70)");
    assertThat(fixture.value(ON_NEW_COLUMN)).contains("later true,");
  }

  /** Also one that is added to the old column between the backfill and the contract. */
  @Test
  void oneThatIsAddedLaterIsCopiedBeforeTheContract() {
    fixture.execute("DROP INDEX by_a");
    fixture.reach(Phase.SWITCH_READ, rename().switchRead());
    fixture.execute("CREATE INDEX by_a ON t (a)");
    fixture.reach(Phase.CONTRACT, rename().switchRead().dropColumn("a"));
    assertThat(fixture.value(ON_NEW_COLUMN)).isEqualTo(COMPLETE);
    assertThat(fixture.catalog()).doesNotContain("migrator");
  }

  /** The parts are built without a lock that writes would notice, for however long that takes. */
  @Test
  void onePartitionThatIsLockedDoesNotKeepTheApplicationFromWriting() throws SQLException {
    Migrator migrator = fixture.migrator(KEEPING, rename());
    migrator.prepare();
    try (Connection held = holding("LOCK TABLE high IN SHARE UPDATE EXCLUSIVE MODE")) {
      migrator.start();
      awaitNamed(migrator, "copy-index-by_a");
      fixture.execute(
          "SET LOCAL lock_timeout = '1s'; UPDATE t SET a = 'written' WHERE id IN (7, 501, 502, 503, 504)");
      held.rollback();
      awaitPhase(migrator, "m", Phase.BACKFILL);
    }
    assertThat(fixture.value(ON_NEW_COLUMN)).isEqualTo(COMPLETE);
    assertThat(fixture.value("SELECT count(*) FROM t WHERE b = 'written'")).isEqualTo("5");
  }

  /** All partitions at once are locked within the budget: who waits for it goes on in between. */
  @Test
  void theWholeIsMadeWithinTheLockBudget() throws SQLException {
    List<Connection> held = new CopyOnWriteArrayList<>();
    DataSource dataSource =
        before(
            "IN SHARE MODE",
            () ->
                held.add(
                    holding("INSERT INTO odd (id, region) SELECT id, region FROM odd LIMIT 1")));
    Migrator migrator = started(dataSource, rename());
    awaitNamed(migrator, "copy-index-by_a");
    String statement = "SET LOCAL lock_timeout = '%s'; UPDATE t SET a = 'written' WHERE id = 1";
    int attempts = attempts(migrator);
    Fixture.await(
        () -> {
          fixture.execute(statement.formatted("2s"));
          fixture.execute(READ);
          return attempts(migrator) >= attempts + 2;
        },
        () -> "two more attempts: " + migrator.status("m"));
    assertThat(fixture.value(ON_NEW_COLUMN)).contains("one true alone").doesNotContain(",t true");
    held.get(0).close();
    awaitPhase(migrator, "m", Phase.BACKFILL);
    assertThat(fixture.value(ON_NEW_COLUMN)).isEqualTo(COMPLETE);
  }

  @Test
  void theOperationReachesEveryPartition() {
    String before = fixture.catalog();
    Migration operation =
        Migration.define("m")
            .table("t")
            .addIndex("by_n")
            .onExpressions("n DESC, lower(a)")
            .include("region")
            .where("n > 3");
    OperationLife.run(fixture, operation);
    assertThat(fixture.catalog())
        .contains(
            "INDEX by_n ON ONLY public.t USING btree (n DESC, lower(a)) INCLUDE (region) WHERE (n > 3) valid t",
            "INDEX ranged_by_n ON ONLY public.ranged",
            "INDEX hashed_by_n ON ONLY public.hashed",
            "INDEX \"Low_by_n\" ON public.\"Low\" USING btree (n DESC, lower(a)) INCLUDE (region) WHERE (n > 3) valid t",
            "INDEX two_by_n ON public.two",
            "INDEX rest_by_n ON public.rest")
        .doesNotContain("migrator", "valid f");
    assertThat(
            fixture.value(
                "SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = indexrelid WHERE relname LIKE '%by_n' AND relispartition"))
        .isEqualTo("9");
    OperationLife.undo(fixture, operation);
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  /** There before the operation: it is left alone, also by undoing the operation. */
  @Test
  void oneThatIsThereStays() {
    fixture.execute("CREATE INDEX by_n ON t (n)", "CREATE INDEX one_by_n ON one (id)");
    String before = fixture.catalog();
    OperationLife.run(fixture, addIndex());
    assertThat(fixture.catalog()).isEqualTo(before);
    OperationLife.undo(fixture, addIndex());
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  @Test
  void oneThatIsNeededIsNotDropped() {
    fixture.execute(
        "CREATE UNIQUE INDEX once ON t (region, id, n)",
        "CREATE TABLE keyed (id int PRIMARY KEY) PARTITION BY HASH (id)");
    refusedAtStart(fixture, Migration.define("m").table("t").dropIndex("once"), "is unique");
    refusedAtStart(
        fixture,
        Migration.define("m").table("t").dropIndex("one_a_idx"),
        "is not an index of public.t");
    refusedAtStart(
        fixture,
        Migration.define("m").table("keyed").dropIndex("keyed_pkey"),
        "backs the constraints");
  }

  /** The server looks neither at the order of a column nor at settings when it takes a part. */
  @Test
  void anotherIndexOfAPartitionIsNotTakenForItsPart() {
    fixture.execute("CREATE INDEX mine ON high (n DESC)");
    assertThat(refusal(fixture, addIndex()))
        .contains("for its part on public.high the server would take or build mine");
    assertThat(fixture.value("SELECT to_regclass('by_n')")).isEqualTo("NULL");
    fixture.execute("DROP INDEX mine");
    OperationLife.run(fixture, addIndex());
    assertThat(fixture.catalog())
        .contains("INDEX high_by_n ON public.high USING btree (n) valid t");
  }

  @Test
  void whatIsInTheWayIsRefusedByName() {
    fixture.execute(
        "CREATE INDEX mine ON \"Low\" (n)",
        "CREATE INDEX two_taken ON two (id)",
        "CREATE VIEW ranged_taken AS SELECT 1 AS x",
        "CREATE INDEX half ON ONLY t (n)",
        "CREATE UNIQUE INDEX once ON t (region, id, n)");
    refusedAtStart(
        fixture, addIndex(), "an undo would drop theirs", "mine of the partition public.Low");
    fixture.execute("DROP INDEX mine");
    refusedAtStart(
        fixture,
        Migration.define("m").table("t").addIndex("taken").on("n"),
        "these names are taken: ranged_taken, two_taken");
    refusedAtStart(
        fixture, Migration.define("m").table("t").addIndex("half").on("n"), "not valid", "ON ONLY");
    refusedAtStart(
        fixture,
        Migration.define("m").table("t").addIndex("u").on("region").unique(),
        "public.t is partitioned");
    refusedAtStart(
        fixture,
        Migration.define("m").table("t").renameColumn("n", "number"),
        "cannot be copied to the new column yet: unique index once");
  }
}
