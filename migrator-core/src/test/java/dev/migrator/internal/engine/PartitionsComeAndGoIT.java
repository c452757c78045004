package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.SETTINGS;
import static dev.migrator.internal.engine.Fixture.await;
import static dev.migrator.internal.engine.Fixture.awaitPhase;
import static dev.migrator.internal.engine.Fixture.awaitState;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.MigrationStatus;
import dev.migrator.status.MigrationStatus.State;
import dev.migrator.status.StepStatus;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Partitions that are attached, detached, dropped, written anew or locked while a change goes on.
 */
@Tag("server-version")
class PartitionsComeAndGoIT {

  private static final MigratorSettings CONTRACTING =
      SETTINGS.toBuilder().contract(it -> it.approved(Set.of("m"))).build();

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    PartitionedTable.table(fixture, "id int NOT NULL, region int NOT NULL, a text");
    fixture.execute("INSERT INTO t SELECT n, n % 6, 'value ' || n FROM generate_series(1, 3000) n");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Migration.Backfilled rename() {
    return Migration.define("m").table("t").renameColumn("a", "b");
  }

  private String differences() {
    return fixture.value("SELECT count(*) FROM t WHERE a IS DISTINCT FROM b");
  }

  /** Full of rows that nothing has copied. */
  private void attach(String name, int region) {
    fixture.execute(
        "CREATE TABLE %s (LIKE t)".formatted(name),
        "INSERT INTO %s (id, region, a) SELECT n, %d, 'came ' || n FROM generate_series(10001, 10500) n"
            .formatted(name, region),
        "ALTER TABLE t ATTACH PARTITION %s FOR VALUES IN (%d)".formatted(name, region));
  }

  /** Keeps a row of a partition from being copied, so that the phase cannot end. */
  private Connection holding(String row) throws SQLException {
    Connection connection = fixture.database().dataSource().getConnection();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute(row);
    }
    return connection;
  }

  private void awaitCopied(String partition) {
    await(
        () ->
            fixture
                .value("SELECT count(*) FROM %s WHERE b IS NULL".formatted(partition))
                .equals("0"),
        () -> partition + " to be copied");
  }

  @Test
  void onesThatComeWhileRowsAreCopiedAreCopiedAsWell() throws SQLException {
    AtomicReference<String> left = new AtomicReference<>();
    HookedDataSource hooked =
        new HookedDataSource(
            fixture.dataSource(), "AS differing FROM ONLY", () -> left.set(differences()));
    Migrator migrator = fixture.migrator(hooked, SETTINGS, rename());
    migrator.prepare();
    try (Connection held = holding("SELECT FROM one WHERE id = 1 FOR UPDATE")) {
      migrator.start();
      awaitCopied("two");
      attach("late", 70);
      fixture.execute(
          "CREATE TABLE empty PARTITION OF t FOR VALUES IN (71)",
          "INSERT INTO t (id, region, a) VALUES (9000, 71, 'x')");
      held.rollback();
    }
    awaitPhase(migrator, "m", Phase.BACKFILL);
    assertThat(left).as("nothing is left to the verification").hasValue("0");
    assertThat(differences()).isEqualTo("0");
    MigrationStatus status = migrator.status("m").orElseThrow();
    assertThat(status.backfill().rowsDone()).isGreaterThanOrEqualTo(3500);
    assertThat(status.backfill().rowsVerified()).isEqualTo(3501);
  }

  /** When all rows are copied, and before those that nothing has copied are refused. */
  @Test
  void oneThatComesBeforeTheNotNullIsCopied() {
    fixture.execute("ALTER TABLE t ALTER COLUMN a SET NOT NULL");
    fixture.migrator(rename()).prepare();
    HookedDataSource hooked =
        new HookedDataSource(fixture.dataSource(), "LOCK TABLE", () -> attach("late", 70));
    Migrator migrator = fixture.migrator(hooked, SETTINGS, rename());
    migrator.prepare();
    migrator.start();
    awaitPhase(migrator, "m", Phase.BACKFILL);
    assertThat(fixture.value("SELECT count(*) FROM late WHERE b = a")).isEqualTo("500");
    assertThat(fixture.catalog()).contains("late.b text not null", "t.b text not null");
  }

  /** The same for an operation that fills what is empty. */
  @ParameterizedTest
  @ValueSource(strings = {"SELECT count(*) FROM \"public\".\"t\"", "LOCK TABLE"})
  void oneThatComesBeforeTheNotNullOfAnOperationIsFilled(String statement) {
    Migration operation =
        Migration.define("m")
            .table("t")
            .setNotNull("a")
            .fillNullsWith("'none ' || id")
            .stopFilling();
    fixture.migrator(operation).prepare();
    HookedDataSource hooked =
        new HookedDataSource(
            fixture.dataSource(),
            statement,
            () -> {
              fixture.execute("CREATE TABLE late (LIKE t)", "INSERT INTO late VALUES (9000, 70)");
              fixture.execute("ALTER TABLE t ATTACH PARTITION late FOR VALUES IN (70)");
            });
    Migrator migrator = fixture.migrator(hooked, SETTINGS, operation);
    migrator.prepare();
    migrator.start();
    awaitPhase(migrator, "m", Phase.BACKFILL);
    assertThat(fixture.value("SELECT a FROM late")).isEqualTo("none 9000");
  }

  /** When the rows of all others are copied, and some of them are compared already. */
  @Test
  void oneThatComesDuringTheVerificationIsCopiedAndVerified() throws SQLException {
    fixture.reach(Phase.BACKFILL, rename());
    // As if the leader had died in the middle of the verification.
    fixture.execute(
        "UPDATE migrator.migration SET phase = 'DUAL_WRITE'",
        "UPDATE migrator.step SET state = 'RUNNING' WHERE name = 'verify'",
        "UPDATE migrator.backfill SET verified_at = NULL, rows_verified = 0, verified = '{}', work = 'VERIFY'");
    Migrator migrator = fixture.migrator(SETTINGS, rename());
    CompletableFuture<Void> started;
    try (Connection held = holding("LOCK TABLE one IN ACCESS EXCLUSIVE MODE")) {
      started = CompletableFuture.runAsync(migrator::prepare).thenRun(migrator::start);
      await(
          () -> fixture.value("SELECT count(*) FROM migrator.chunk WHERE finished").equals("6"),
          () -> "all others to be compared");
      attach("late", 70);
      held.rollback();
    }
    started.join();
    awaitPhase(migrator, "m", Phase.BACKFILL);
    assertThat(differences()).isEqualTo("0");
    assertThat(migrator.status("m").orElseThrow().backfill().rowsVerified()).isEqualTo(3500);
  }

  @Test
  void oneThatComesAfterTheVerificationIsCopiedBeforeReadsSwitch() {
    fixture.reach(Phase.BACKFILL, rename());
    attach("late", 70);
    assertThat(differences()).isEqualTo("500");
    fixture.reach(Phase.SWITCH_READ, rename().switchRead());
    assertThat(differences()).isEqualTo("0");
    assertThat(
            fixture.value(
                "SELECT rows_verified || ' ' || cardinality(verified) FROM migrator.backfill"))
        .as("only what came was read again")
        .isEqualTo("3500 8");
  }

  /** Its rows would be lost with the old column. */
  @Test
  void oneThatComesAfterReadsSwitchedHoldsTheContract() {
    fixture.reach(Phase.SWITCH_READ, rename().switchRead());
    attach("late", 70);
    Migrator migrator = fixture.migrator(CONTRACTING, rename().switchRead().dropColumn("a"));
    migrator.prepare();
    migrator.start();
    awaitState(migrator, "m", State.FAILED);
    assertThat(migrator.status("m").orElseThrow().holds().get(0).message())
        .contains("500 rows of public.t differ");
    fixture.execute("UPDATE late SET b = a");
    migrator.execute("m", dev.migrator.OperatorCommand.RETRY);
    awaitState(migrator, "m", State.COMPLETED);
    assertThat(fixture.value("SELECT count(*) FROM t WHERE b IS NULL")).isEqualTo("0");
  }

  /** Right between the verification of the contract and the contract. */
  @Test
  void oneThatComesInTheLastMomentHoldsTheContract() throws SQLException {
    fixture.reach(Phase.SWITCH_READ, rename().switchRead());
    Migrator migrator = fixture.migrator(CONTRACTING, rename().switchRead().dropColumn("a"));
    migrator.prepare();
    try (Connection held = holding("SELECT FROM one")) {
      migrator.start();
      await(
          () ->
              migrator.status("m").orElseThrow().steps().stream()
                  .anyMatch(it -> it.name().equals("retire-columns") && it.attempts() > 1),
          () -> "the contract to wait, but it is " + migrator.status("m"));
      attach("late", 70);
      held.rollback();
    }
    awaitState(migrator, "m", State.FAILED);
    assertThat(migrator.status("m").orElseThrow().holds().get(0).message())
        .contains("verify-again", "500 rows of public.t differ");
    assertThat(fixture.value("SELECT count(a) FROM late")).isEqualTo("500");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE t DETACH PARTITION two",
        "DROP TABLE two",
        "DROP TABLE ranged",
        "ALTER TABLE t DETACH PARTITION ranged",
        "TRUNCATE two"
      })
  void onesThatGoAreNoErrorAndNoWork(String sql) throws SQLException {
    Migrator migrator = fixture.migrator(SETTINGS, rename());
    migrator.prepare();
    try (Connection held =
            holding("SELECT FROM two, high WHERE two.id = 2 AND high.id = 501 FOR UPDATE");
        Statement statement = held.createStatement()) {
      migrator.start();
      awaitCopied("one");
      statement.execute(sql);
      held.commit();
    }
    awaitPhase(migrator, "m", Phase.BACKFILL);
    assertThat(differences()).isEqualTo("0");
    assertThat(migrator.status("m").orElseThrow().backfill().rowsVerified())
        .isEqualTo(Long.parseLong(fixture.value("SELECT count(*) FROM t")));
  }

  /** Detached and written without the triggers, it is another one when it comes back. */
  @Test
  void oneThatGoesAndComesBackIsGoneOverAgain() throws SQLException {
    Migrator migrator = fixture.migrator(SETTINGS, rename());
    migrator.prepare();
    try (Connection held = holding("SELECT FROM one WHERE id = 1 FOR UPDATE")) {
      migrator.start();
      awaitCopied("two");
      fixture.execute(
          "ALTER TABLE t DETACH PARTITION two",
          "UPDATE two SET a = 'meanwhile'",
          "ALTER TABLE t ATTACH PARTITION two FOR VALUES IN (2)");
      held.rollback();
    }
    awaitPhase(migrator, "m", Phase.BACKFILL);
    assertThat(differences()).isEqualTo("0");
    assertThat(fixture.value("SELECT count(*) FROM two WHERE b = 'meanwhile'")).isEqualTo("500");
  }

  /** With one worker, which does not stay where it cannot work. */
  @Test
  void oneThatIsLockedHoldsNoOther() throws SQLException {
    Migrator migrator = fixture.migrator(SETTINGS, rename());
    migrator.prepare();
    try (Connection held = holding("LOCK TABLE one IN ACCESS EXCLUSIVE MODE")) {
      migrator.start();
      for (String other : List.of("two", "\"Low\"", "high", "even", "odd", "rest")) {
        awaitCopied(other);
      }
      await(
          () ->
              migrator.status("m").orElseThrow().steps().stream()
                  .map(StepStatus::blockers)
                  .anyMatch(it -> !it.isEmpty()),
          () -> "who is in the way, but it is " + migrator.status("m"));
      assertThat(migrator.status("m").orElseThrow().phase()).isEqualTo(Phase.DUAL_WRITE);
      held.rollback();
    }
    awaitPhase(migrator, "m", Phase.BACKFILL);
    assertThat(differences()).isEqualTo("0");
  }

  /** The same where it is locked when its rows are allocated already. */
  @Test
  void oneThatIsLockedLaterHoldsNoOther() throws SQLException {
    Migrator migrator = fixture.migrator(SETTINGS, rename());
    migrator.prepare();
    try (Connection held = holding("LOCK TABLE one IN SHARE MODE")) {
      migrator.start();
      for (String other : List.of("two", "\"Low\"", "high", "even", "odd", "rest")) {
        awaitCopied(other);
      }
      held.rollback();
    }
    awaitPhase(migrator, "m", Phase.BACKFILL);
    assertThat(differences()).isEqualTo("0");
  }

  @Test
  void badRowsAreListedWithTheirPartition() {
    fixture.execute(
        "UPDATE t SET a = n FROM (SELECT id AS i, id::text AS n FROM t) AS s WHERE i = id");
    fixture.execute("UPDATE t SET a = 'no number' WHERE id IN (7, 501)");
    Migration change =
        Migration.define("m")
            .table("t")
            .addColumn("b", "int")
            .dualWrite(
                dev.migrator.Sync.of("a")
                    .with("b")
                    .compute("b", "t.a::int")
                    .compute("a", "t.b::text"))
            .backfill();
    Migrator migrator =
        fixture.migrator(SETTINGS.toBuilder().backfill(it -> it.showKeys(true)).build(), change);
    migrator.prepare();
    migrator.start();
    awaitState(migrator, "m", State.FAILED);
    assertThat(migrator.status("m").orElseThrow().backfill().badRowKeys().toString())
        .contains(
            " of \"public\".\"one\" (SQLSTATE 22P02)", " of \"public\".\"high\" (SQLSTATE 22P02)")
        .doesNotContain("no number");
    fixture.execute("UPDATE t SET a = '7' WHERE id IN (7, 501)");
    migrator.execute("m", dev.migrator.OperatorCommand.RETRY);
    awaitPhase(migrator, "m", Phase.BACKFILL);
    assertThat(fixture.value("SELECT count(*) FROM t WHERE b::text IS DISTINCT FROM a"))
        .isEqualTo("0");
  }

  @Test
  void aTriggerThatIsDisabledOnOnePartitionIsNoticed() {
    Migrator migrator = fixture.migrator(SETTINGS, rename());
    migrator.prepare();
    fixture.execute("ALTER TABLE high DISABLE TRIGGER USER");
    migrator.start();
    awaitState(migrator, "m", State.FAILED);
    assertThat(migrator.status("m").orElseThrow().holds().get(0).message())
        .contains("missing or disabled", " on public.high");
  }
}
