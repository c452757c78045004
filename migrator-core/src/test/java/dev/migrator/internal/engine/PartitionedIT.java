package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.Sync;
import dev.migrator.status.MigrationStatus;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * PEERS 9.12: a change of a partitioned table, in two levels, by list, range and hash, with a
 * default partition and one whose columns are in another order.
 */
@Tag("server-version")
class PartitionedIT extends PartitionedTable {

  /** There and back: all that was done up to a phase is undone, on every partition. */
  @ParameterizedTest
  @EnumSource(names = {"DUAL_WRITE", "BACKFILL", "SWITCH_READ"})
  void everyPhaseCanBeUndone(Phase phase) {
    table();
    String before = fixture.catalog();
    Migration change =
        switch (phase) {
          case DUAL_WRITE ->
              Migration.define("m").table("t").addColumn("b", "text").dualWrite("a", "b");
          case BACKFILL -> rename();
          default -> rename().switchRead();
        };
    fixture.reach(phase, change);
    assertThat(fixture.catalog()).contains("Low.b text", "two.b text");
    undo(phase == Phase.SWITCH_READ ? rename() : change, phase);
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  @Test
  void theWholeLifeReachesEveryPartition() {
    table();
    fixture.reach(Phase.BACKFILL, rename());
    assertThat(differences()).isEqualTo("0");
    MigrationStatus status = fixture.migrator(rename()).status("m").orElseThrow();
    assertThat(status.backfill().rowsDone()).isEqualTo(3000);
    assertThat(status.backfill().rowsVerified()).isEqualTo(3000);
    fixture.execute(
        "INSERT INTO t (id, region, a) VALUES (5001, 2, 'old'), (5002, 4, 'old')",
        "INSERT INTO high (id, region, b) VALUES (5003, 3, 'new')",
        "UPDATE t SET region = 3, b = 'moved' WHERE id = 7",
        "UPDATE t SET region = 9 WHERE id = 8");
    assertThat(fixture.value("SELECT a || b FROM t WHERE id > 5000 OR id IN (7, 8) ORDER BY id"))
        .isEqualTo("movedmoved,value 8value 8,oldold,oldold,newnew");

    fixture.reach(Phase.CONTRACT, rename().switchRead().dropColumn("a"));

    assertThat(fixture.catalog())
        .contains("Low.b text", "two.b text", "t.b text")
        .doesNotContain(".a text")
        .doesNotContain("migrator");
    assertThat(fixture.value("SELECT count(*) FROM t WHERE id <= 3000 AND b <> 'value ' || id"))
        .isEqualTo("1");
  }

  @Test
  void aContractIsUndoneOnEveryPartition() {
    table();
    fixture.reach(Phase.SWITCH_READ, rename().switchRead());
    String switched = fixture.catalog();
    Migrator migrator = fixture.contracted(KEEPING, rename().switchRead().dropColumn("a"));
    fixture.execute(
        "UPDATE t SET b = 'changed' WHERE id % 7 = 0",
        "INSERT INTO t (id, region, b) SELECT n, n % 6, 'late' FROM generate_series(6001, 6020) n",
        "UPDATE t SET region = 1 WHERE region = 4");

    Fixture.undoContract(migrator, "m");

    assertThat(differences()).isEqualTo("0");
    assertThat(Catalogs.sorted(fixture.catalog())).isEqualTo(Catalogs.sorted(switched));
    migrator.execute("m", OperatorCommand.RESUME);
    migrator.close();
    fixture.reach(Phase.CONTRACT, rename().switchRead().dropColumn("a"));
    assertThat(fixture.catalog()).doesNotContain(".a text").doesNotContain("migrator");
  }

  /** PEERS 9.8, on all partitions: NOT NULL, the default, a check, the comment. */
  @Test
  void whatHangsOnTheColumnIsCopiedToEveryPartition() {
    table(
        fixture,
        "id int NOT NULL, region int NOT NULL, a text NOT NULL DEFAULT 'none' CONSTRAINT filled CHECK (a <> '')");
    fixture.execute(
        "COMMENT ON COLUMN t.a IS 'what it says'",
        "INSERT INTO t SELECT n, n % 6, 'value ' || n FROM generate_series(1, 3000) n");
    String before = Catalogs.sorted(fixture.catalog());
    fixture.reach(Phase.BACKFILL, rename());
    undo(rename(), Phase.BACKFILL);
    assertThat(Catalogs.sorted(fixture.catalog())).isEqualTo(before);

    resume();
    fixture.reach(Phase.SWITCH_READ, rename().switchRead());
    String switched = fixture.catalog();
    Migrator migrator = fixture.contracted(KEEPING, rename().switchRead().dropColumn("a"));
    fixture.execute("INSERT INTO t (id, region) VALUES (7000, 3)");
    Fixture.undoContract(migrator, "m");
    assertThat(Catalogs.sorted(fixture.catalog())).isEqualTo(Catalogs.sorted(switched));
    assertThat(fixture.value("SELECT a || b FROM t WHERE id = 7000")).isEqualTo("nonenone");
    migrator.execute("m", OperatorCommand.RESUME);
    migrator.close();
    fixture.reach(Phase.CONTRACT, rename().switchRead().dropColumn("a"));

    assertThat(Catalogs.sorted(fixture.catalog()))
        .isEqualTo(
            Catalogs.sorted(before.replaceAll("\\.a text", ".b text").replace("(a <> ", "(b <> ")));
  }

  /**
   * An update that moves a row inserts it anew. Values that only the one way or the other can hold
   * must survive that as they survive any other update.
   */
  @Test
  void aRowThatMovesKeepsWhatItsWriterGave() {
    table(fixture, "id int NOT NULL, region int NOT NULL, a text");
    fixture.execute("INSERT INTO t VALUES (1, 1, NULL), (2, 1, ''), (3, 1, 'X')");
    Migration change =
        Migration.define("m")
            .table("t")
            .addColumn("b", "text")
            .dualWrite(
                Sync.of("a")
                    .with("b")
                    .compute("b", "coalesce(a, 'none')")
                    .compute("a", "coalesce(lower(b), '')"))
            .backfill();
    fixture.reach(Phase.BACKFILL, change);
    fixture.execute("UPDATE t SET b = NULL WHERE id = 2");
    String rows =
        "SELECT concat(id, '<', a, '>', '<', b, '>', a IS NULL, b IS NULL) FROM t ORDER BY id";
    String before = fixture.value(rows);
    assertThat(before).isEqualTo("1<><none>tf,2<><>ft,3<X><X>ff");

    for (String region : List.of("3", "2", "9", "1")) {
      fixture.execute("UPDATE t SET region = " + region);
      assertThat(fixture.value(rows)).as("moved to %s", region).isEqualTo(before);
    }
    fixture.execute(
        "UPDATE t SET region = 2, a = 'Y' WHERE id = 3",
        "UPDATE t SET region = 3, b = 'Z' WHERE id = 1");
    assertThat(fixture.value(rows)).isEqualTo("1<z><Z>ff,2<><>ft,3<Y><Y>ff");
    fixture.execute("INSERT INTO t (id, region, a) VALUES (4, 1, 'W')");
    assertThat(fixture.value("SELECT b FROM t WHERE id = 4")).isEqualTo("W");
    undo(change, Phase.BACKFILL);
    assertThat(fixture.catalog()).doesNotContain("migrator_").doesNotContain("sync_");
  }

  @Test
  void operationsThatReachEveryPartition() {
    table();
    fixture.execute(
        "UPDATE t SET a = NULL WHERE id % 10 = 0", "UPDATE t SET n = NULL WHERE id = 5");
    String before = fixture.catalog();
    Migration notNull =
        Migration.define("m")
            .table("t")
            .setNotNull("a")
            .fillNullsWith("'none ' || id")
            .stopFilling();
    Migration check = Migration.define("c").table("t").addCheck("small", "id < 100000");
    fixture.reach(Phase.BACKFILL, check);
    fixture.reach(Phase.CONTRACT, notNull, check);

    assertThat(fixture.value("SELECT count(*) FROM t WHERE a = 'none ' || id")).isEqualTo("300");
    assertThat(fixture.catalog())
        .contains("two.a text not null", "Low.a text not null", "t.a text not null")
        .contains("small on two: CHECK ((id < 100000))", "small on \"Low\": CHECK ((id < 100000))")
        .doesNotContain("NOT VALID");
    assertThat(
            fixture
                .catalog()
                .replace("a text not null ", "a text ")
                .lines()
                .filter(it -> !it.startsWith("small on"))
                .toList())
        .isEqualTo(before.lines().toList());
  }

  /**
   * Locking the table locks its partitions one after the other. Whoever wants to use it waits for
   * all of that, so no attempt may wait for two of them for most of the budget each.
   */
  @Test
  void theLockBudgetIsOneForAllPartitions() throws SQLException {
    table();
    Map<String, Connection> holders = new HashMap<>();
    for (String partition : List.of("one", "two", "high", "odd")) {
      Connection holder = fixture.database().dataSource().getConnection();
      holder.setAutoCommit(false);
      holder.createStatement().execute("SELECT FROM " + partition);
      holders.put(partition, holder);
    }
    Migrator migrator =
        fixture.migrator(
            SETTINGS.toBuilder()
                .startupLimit(Duration.ofMinutes(5))
                // Long enough to be seen in its last third, as often as it takes.
                .lock(it -> it.budget(Duration.ofSeconds(1)).retryLimit(Duration.ofMinutes(5)))
                .build(),
            rename());
    CompletableFuture<Void> prepared = CompletableFuture.runAsync(migrator::prepare);
    Set<String> attempts = new HashSet<>();
    while (!holders.isEmpty()) {
      AtomicReference<String> waiting = new AtomicReference<>("");
      Fixture.await(
          () -> {
            waiting.set(
                fixture.value(
                    """
                    SELECT l.relation::regclass || ',' || l.pid || ' ' || a.xact_start
                      FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
                     WHERE NOT l.granted AND l.mode = 'AccessExclusiveLock'
                       AND l.waitstart < clock_timestamp() - interval '650 milliseconds'
                    """));
            return holders.containsKey(waiting.get().split(",")[0]);
          },
          () -> "an attempt to wait for one of " + holders.keySet());
      holders.remove(waiting.get().split(",")[0]).close();
      assertThat(attempts.add(waiting.get().split(",")[1])).as("a second long wait").isTrue();
    }
    prepared.join();
  }
}
