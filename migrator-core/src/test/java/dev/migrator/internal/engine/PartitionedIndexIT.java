package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.SETTINGS;
import static dev.migrator.internal.engine.Fixture.await;
import static dev.migrator.internal.engine.Fixture.awaitPhase;
import static dev.migrator.internal.engine.OperationLife.refusal;
import static dev.migrator.internal.engine.OperationLife.refusedAtStart;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.Blocker;
import dev.migrator.status.MigrationStatus;
import dev.migrator.status.MigrationStatus.State;
import dev.migrator.status.StepStatus;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Indexes of a partitioned table, in two levels, with a default partition and one whose columns are
 * in another order: built partition by partition, and a whole at once.
 */
@Tag("server-version")
class PartitionedIndexIT {

  private static final MigratorSettings KEEPING =
      SETTINGS.toBuilder()
          .contract(it -> it.retention(Duration.ofHours(1)).approved(Set.of("m")))
          .build();

  /** Where each partition that has rows, and the table as a whole, stands with its index. */
  private static final String ON_NEW_COLUMN =
      """
      SELECT i.indrelid::regclass || ' ' || i.indisvalid || CASE WHEN c.relispartition THEN '' ELSE ' alone' END
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
       WHERE pg_get_indexdef(i.indexrelid) LIKE '%btree (b)%' ORDER BY 1
      """;

  private static final String COMPLETE =
      "\"Low\" true,even true,hashed true,high true,odd true,one true,ranged true,rest true,t true alone,two true";

  private static final String READ =
      "DO $$ BEGIN SET LOCAL lock_timeout = '2s'; PERFORM count(*) FROM t; END $$";

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    PartitionedIT.table(fixture, "id int NOT NULL, region int NOT NULL, a text, n int");
    fixture.execute(
        "INSERT INTO t SELECT n, n % 6, 'value ' || n, n FROM generate_series(1, 3000) n",
        "CREATE INDEX by_a ON t (a)");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Migration.Backfilled rename() {
    return Migration.define("m").table("t").renameColumn("a", "b");
  }

  private static Migration addIndex() {
    return Migration.define("m").table("t").addIndex("by_n").on("n");
  }

  private Migrator started(DataSource dataSource, Migration migration) {
    Migrator migrator = fixture.migrator(dataSource, KEEPING, migration);
    migrator.prepare();
    migrator.start();
    return migrator;
  }

  private HookedDataSource before(String statement, Runnable hook) {
    return new HookedDataSource(fixture.dataSource(), statement, hook);
  }

  private Connection holding(String sql) {
    try {
      Connection connection = fixture.database().dataSource().getConnection();
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET LOCAL application_name = 'the blocker'");
        statement.execute(sql);
      }
      return connection;
    } catch (SQLException ex) {
      throw new IllegalStateException(ex);
    }
  }

  private static void awaitNamed(Migrator migrator, String step) {
    await(
        () ->
            migrator.status("m").orElseThrow().steps().stream()
                .filter(it -> it.name().equals(step))
                .map(StepStatus::blockers)
                .flatMap(List::stream)
                .map(Blocker::application)
                .anyMatch("the blocker"::equals),
        () -> "the blocker to be named, but it is " + migrator.status("m"));
  }

  private void undoTo(Migration migration, Phase left) {
    Migrator migrator = fixture.migrator(KEEPING, migration);
    migrator.start();
    migrator.execute("m", OperatorCommand.UNDO);
    await(
        () -> {
          MigrationStatus status = migrator.status("m").orElseThrow();
          assertThat(status.state()).as("%s", status).isNotEqualTo(State.FAILED);
          return status.phase() == left;
        },
        () -> String.valueOf(migrator.status("m")));
    migrator.close();
  }

  private void resume() {
    Migrator migrator = fixture.migrator(rename());
    migrator.execute("m", OperatorCommand.RESUME);
    migrator.close();
  }

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

  private static String renamed(String catalog) {
    return catalog.replace(".a text", ".b text").replace("(a)", "(b)").replace("(a ", "(b ");
  }

  private static List<String> indexes(String catalog) {
    return catalog.lines().filter(it -> it.contains(" INDEX ")).sorted().toList();
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

  /** Before the parts, between them, and right before all partitions are locked. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE INDEX CONCURRENTLY",
        "ON \"public\".\"rest\" USING",
        "LOCK TABLE \"public\".\"t\" IN SHARE MODE"
      })
  void onesThatComeMeanwhileGetTheirs(String statement) {
    DataSource dataSource =
        before(
            statement,
            () ->
                fixture.execute(
                    "CREATE TABLE late (LIKE t)",
                    "INSERT INTO late (id, region) VALUES (9001, 70)",
                    "ALTER TABLE t ATTACH PARTITION late FOR VALUES IN (70)",
                    "CREATE TABLE deep PARTITION OF ranged FOR VALUES FROM (2000000) TO (3000000)",
                    "CREATE TABLE part PARTITION OF t FOR VALUES IN (71) PARTITION BY LIST (id)",
                    "CREATE TABLE of_part PARTITION OF part DEFAULT"));
    Migrator migrator = started(dataSource, rename());
    awaitPhase(migrator, "m", Phase.BACKFILL);
    assertThat(fixture.value(ON_NEW_COLUMN))
        .isEqualTo(
            "\"Low\" true,deep true,even true,hashed true,high true,late true,odd true,of_part true,one true,part true,ranged true,rest true,t true alone,two true");
  }

  /** With an index that the server takes for the part, as a copy of another partition has. */
  @Test
  void oneThatComesWithItsIndexKeepsIt() {
    DataSource dataSource =
        before(
            "LOCK TABLE \"public\".\"t\" IN SHARE MODE",
            () ->
                fixture.execute(
                    "CREATE TABLE late (LIKE one INCLUDING INDEXES)",
                    "ALTER TABLE t ATTACH PARTITION late FOR VALUES IN (70)"));
    Migrator migrator = started(dataSource, rename());
    awaitPhase(migrator, "m", Phase.BACKFILL);
    assertThat(fixture.value(ON_NEW_COLUMN))
        .isEqualTo(COMPLETE.replace("high true,", "high true,late true,"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ON "public"."odd" USING  | DROP TABLE odd
          ON "public"."two" USING  | ALTER TABLE t DETACH PARTITION two; ALTER TABLE two RENAME TO away
          ON "public"."high" USING | DROP TABLE ranged
          IN SHARE MODE            | ALTER TABLE t DETACH PARTITION one
          ON "public"."one" USING  | ALTER TABLE one RENAME TO "Other"
          """)
  void onesThatGoMeanwhileAreNoError(String statement, String sql) {
    Migrator migrator =
        started(before(statement, () -> fixture.execute(sql.split("; "))), rename());
    awaitPhase(migrator, "m", Phase.BACKFILL);
    assertThat(fixture.value(ON_NEW_COLUMN)).contains("t true alone").doesNotContain("false");
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
    while (attempts(migrator) < attempts + 2) {
      fixture.execute(statement.formatted("2s"));
      fixture.execute(READ);
    }
    assertThat(fixture.value(ON_NEW_COLUMN)).contains("one true alone").doesNotContain(",t true");
    held.get(0).close();
    awaitPhase(migrator, "m", Phase.BACKFILL);
    assertThat(fixture.value(ON_NEW_COLUMN)).isEqualTo(COMPLETE);
  }

  private static int attempts(Migrator migrator) {
    return migrator.status("m").orElseThrow().steps().stream()
        .filter(it -> it.name().equals("copy-index-by_a"))
        .mapToInt(StepStatus::attempts)
        .sum();
  }

  /** Stops in the middle: all parts are built but one. */
  private void halfBuilt(Migration migration, String step) throws SQLException {
    Migrator first = fixture.migrator(KEEPING, migration);
    first.prepare();
    try (Connection held = holding("LOCK TABLE rest IN SHARE UPDATE EXCLUSIVE MODE")) {
      first.start();
      awaitNamed(first, step);
      first.close();
      held.rollback();
    }
  }

  @Test
  void anotherInstanceGoesOnWithWhatIsBuilt() throws SQLException {
    halfBuilt(rename(), "copy-index-by_a");
    // As a build leaves it that was cut off.
    fixture.execute(
        """
        UPDATE pg_index SET indisvalid = false
         WHERE indrelid = 'two'::regclass AND pg_get_indexdef(indexrelid) LIKE '%btree (b)%'""");
    String parts =
        """
        SELECT indrelid::regclass || ' ' || indexrelid FROM pg_index
         WHERE pg_get_indexdef(indexrelid) LIKE '%btree (b)%'
           AND indrelid::regclass::text IN ('"Low"', 'even', 'high', 'odd', 'one', 'two') ORDER BY 1""";
    String before = fixture.value(parts);
    assertThat(before.split(",")).hasSize(6);
    fixture.reach(Phase.BACKFILL, rename());
    assertThat(fixture.value(ON_NEW_COLUMN)).isEqualTo(COMPLETE);
    String after = fixture.value(parts);
    assertThat(after.replaceAll("two .*", "")).isEqualTo(before.replaceAll("two .*", ""));
    assertThat(after).as("the broken one was built again").isNotEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsHalfBuiltIsUndone(boolean change) throws SQLException {
    String before = fixture.catalog();
    Migration migration = change ? rename() : addIndex();
    halfBuilt(migration, change ? "copy-index-by_a" : "build-index");
    assertThat(fixture.catalog()).isNotEqualTo(before);
    fixture.execute("UPDATE migrator.migration SET undoing = true");
    Migrator migrator = fixture.migrator(KEEPING, migration);
    migrator.start();
    await(
        () ->
            migrator.status("m").orElseThrow().steps().stream()
                .anyMatch(
                    it -> it.name().contains("index") && it.state() == StepStatus.State.UNDONE),
        () -> String.valueOf(migrator.status("m")));
    migrator.close();
    assertThat(indexes(fixture.catalog())).isEqualTo(indexes(before));
  }

  @Test
  void theUndoWaitsWithinTheLockBudget() throws SQLException {
    fixture.reach(Phase.BACKFILL, addIndex());
    Migrator migrator = fixture.migrator(KEEPING, addIndex());
    try (Connection held = holding("SELECT FROM odd")) {
      migrator.execute("m", OperatorCommand.undo(Phase.BACKFILL));
      migrator.start();
      awaitNamed(migrator, "undo-build-index");
      fixture.execute(READ);
      held.rollback();
    }
    await(
        () -> migrator.status("m").orElseThrow().phase() == Phase.DUAL_WRITE,
        () -> String.valueOf(migrator.status("m")));
    assertThat(fixture.catalog()).doesNotContain("by_n");
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
  void oneIsDroppedAndBuiltAgain() throws SQLException {
    fixture.execute(
        "CREATE INDEX old ON t (n DESC) INCLUDE (id) WHERE (n > 3)",
        "COMMENT ON INDEX old IS 'it''s old'",
        "ALTER INDEX one_n_id_idx RENAME TO \"Mine\"",
        "ALTER INDEX ranged_n_id_idx RENAME TO of_ranged");
    String before = fixture.catalog();
    Migration drop = Migration.define("m").table("t").dropIndex("old");
    Migrator migrator = fixture.migrator(KEEPING, drop);
    migrator.prepare();
    try (Connection held = holding("SELECT FROM odd")) {
      migrator.start();
      awaitNamed(migrator, "drop-index");
      fixture.execute(READ);
      held.rollback();
    }
    awaitPhase(migrator, "m", Phase.CONTRACT);
    migrator.close();
    assertThat(indexes(fixture.catalog()))
        .isEqualTo(indexes(before).stream().filter(it -> it.contains("(a)")).toList());

    // Where taking it back was interrupted in the middle of a build.
    fixture.execute(
        "CREATE INDEX \"Mine\" ON one (n DESC) INCLUDE (id) WHERE (n > 3)",
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = '\"Mine\"'::regclass");
    OperationLife.undo(fixture, drop);
    assertThat(fixture.catalog()).isEqualTo(before);
    assertThat(fixture.value("SELECT obj_description('old'::regclass)")).isEqualTo("it's old");
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
