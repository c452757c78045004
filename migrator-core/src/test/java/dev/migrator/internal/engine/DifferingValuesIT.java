package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.SETTINGS;
import static dev.migrator.internal.engine.Fixture.awaitPhase;
import static dev.migrator.internal.engine.Fixture.awaitState;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.Sync;
import dev.migrator.status.MigrationStatus.State;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Values that one side has and the other one does not hold what comes next. */
@Tag("server-version")
class DifferingValuesIT extends HardCases {

  @Test
  void aValueThatWasNotCopiedSinceTheVerificationHoldsTheContract() {
    fixture.execute("CREATE TABLE t (id int PRIMARY KEY, a text)", "INSERT INTO t VALUES (1, '5')");
    Migration.Backfilled cast =
        Migration.define("m")
            .table("t")
            .addColumn("b", "int")
            .dualWrite(Sync.of("a").with("b").compute("b", "a::int").compute("a", "b::text"))
            .backfill();
    fixture.reach(Phase.SWITCH_READ, cast.switchRead());
    fixture.execute("UPDATE t SET a = '12 apples'");

    Migrator migrator = contracting(cast.switchRead().dropColumn("a"), Duration.ZERO);
    awaitState(migrator, "m", State.FAILED);
    assertThat(fixture.value("SELECT a FROM t")).isEqualTo("12 apples");

    fixture.execute("UPDATE t SET a = '12'");
    migrator.execute("m", OperatorCommand.RETRY);
    awaitState(migrator, "m", State.COMPLETED);
    assertThat(fixture.value("SELECT b FROM t")).isEqualTo("12");
  }

  /**
   * Each range is compared in a snapshot of its own, and a row that no transform can copy moves
   * with every update, as any other row: here from a range that is to come into one that is done.
   */
  @Test
  void aValueThatWasNotCopiedHoldsTheContractWhereverItsRowMoves() {
    fixture.execute(
        // Else a vacuum could free room for the row in the first range before the test begins.
        "CREATE TABLE t (id int PRIMARY KEY, a text, n int, filler text) WITH (autovacuum_enabled = false)",
        "INSERT INTO t SELECT n, n::text, 0, repeat('x', 700) FROM generate_series(1, 400) n");
    Migration.Backfilled cast =
        Migration.define("m")
            .table("t")
            .addColumn("b", "int")
            .dualWrite(Sync.of("a").with("b").compute("b", "a::int").compute("a", "b::text"))
            .backfill();
    fixture.reach(Phase.SWITCH_READ, cast.switchRead());
    fixture.execute(
        "UPDATE t SET a = '12 apples' WHERE ctid = (SELECT max(ctid) FROM t)",
        "DELETE FROM t WHERE ctid < '(2,0)'",
        "VACUUM t");
    String block = "SELECT (ctid::text::point)[0] >= 16 FROM t WHERE a = '12 apples'";
    assertThat(fixture.value(block)).as("behind the first range").isEqualTo("t");
    HookedDataSource moving =
        new HookedDataSource(
            fixture.dataSource(),
            "differing FROM ONLY \"public\".\"t\" AS \"t\" WHERE ctid >= '(16,",
            () -> {
              for (int i = 0; fixture.value(block).equals("t") && i < 100; i++) {
                fixture.execute("UPDATE t SET n = n + 1 WHERE a = '12 apples'");
              }
              assertThat(fixture.value(block)).as("in the first range").isEqualTo("f");
            });
    Migrator migrator =
        fixture.migrator(
            moving,
            SETTINGS.toBuilder().contract(it -> it.approved(Set.of("m"))).build(),
            cast.switchRead().dropColumn("a"));
    migrator.prepare();
    migrator.start();
    Set<State> ends = Set.of(State.FAILED, State.COMPLETED);
    Fixture.await(
        () -> ends.contains(migrator.status("m").orElseThrow().state()),
        () -> String.valueOf(migrator.status("m")));
    assertThat(migrator.status("m").orElseThrow().state()).isEqualTo(State.FAILED);
    assertThat(fixture.value(block)).isEqualTo("f");
  }

  @Test
  void whatHasBypassedTheTriggersHoldsTheContract() {
    fixture.execute("CREATE TABLE t (id int PRIMARY KEY, a text)");
    fixture.reach(Phase.SWITCH_READ, rename().switchRead());
    fixture.execute(
        "ALTER TABLE t DISABLE TRIGGER USER",
        "INSERT INTO t (id, a) VALUES (2, 'restored')",
        "ALTER TABLE t ENABLE TRIGGER USER");

    Migrator migrator = contracting(rename().switchRead().dropColumn("a"), Duration.ZERO);

    awaitState(migrator, "m", State.FAILED);
    assertThat(fixture.value("SELECT a FROM t")).isEqualTo("restored");
    assertThat(migrator.status("m").orElseThrow().holds().get(0).message())
        .contains("1 rows of public.t differ");
  }

  /** Such defaults are stored with a cast around the constant. */
  @Test
  void aNullBesideADefaultOfAnyTypeStaysNull() {
    fixture.execute("CREATE TABLE t (id int PRIMARY KEY, a varchar(20) DEFAULT 'x')");
    fixture.reach(Phase.SWITCH_READ, rename().switchRead());

    fixture.execute(
        "INSERT INTO t (id, b) VALUES (1, NULL)",
        "INSERT INTO t (id, a) VALUES (2, NULL)",
        "INSERT INTO t (id) VALUES (3)");

    assertThat(fixture.value("SELECT concat(a, '/', b) FROM t ORDER BY id")).isEqualTo("/,/,x/x");
  }

  /** PEERS 9.14: what the old side cannot represent is listed, not guessed. */
  @Test
  void valuesThatCannotBeCopiedBackAreCounted() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a int, other int)",
        "INSERT INTO t SELECT n, n FROM generate_series(1, 1000) n");
    Migration change =
        Migration.define("m")
            .table("t")
            .addColumn("b", "bigint")
            .dualWrite("a", "b")
            .backfill()
            .switchRead()
            .dropColumn("a");
    Migrator migrator = contracting(change, Duration.ofHours(1));
    awaitPhase(migrator, "m", Phase.CONTRACT);
    fixture.execute("UPDATE t SET b = 3000000000 + id WHERE id IN (7, 900)");

    migrator.execute("m", OperatorCommand.UNDO);
    awaitState(migrator, "m", State.FAILED);
    assertThat(migrator.status("m").orElseThrow().holds().get(0).message())
        .contains("cannot be copied", "2 with SQLSTATE 22003")
        .doesNotContain("3000000");
    assertThat(fixture.value("SELECT count(*) FROM t WHERE b > 3000000000")).isEqualTo("2");

    fixture.execute("UPDATE t SET other = 1 WHERE id IN (7, 8)");
    assertThat(fixture.value("SELECT b FROM t WHERE id = 7")).isEqualTo("3000000007");

    fixture.execute("UPDATE t SET b = id WHERE id IN (7, 900)");
    migrator.execute("m", OperatorCommand.RETRY);
    Fixture.await(
        () -> migrator.status("m").orElseThrow().phase() == Phase.SWITCH_READ,
        () -> String.valueOf(migrator.status("m")));
    assertThat(fixture.value("SELECT count(*) FROM t WHERE a = b")).isEqualTo("1000");
  }

  /** As if its row had moved past all ranges that were copied and compared. */
  @Test
  void aValueThatTheWayBackHasNotMetHoldsItsEnd() {
    fixture.execute("CREATE TABLE t (id int PRIMARY KEY, a int)", "INSERT INTO t VALUES (1, 1)");
    Migration change =
        Migration.define("m")
            .table("t")
            .addColumn("b", "bigint")
            .dualWrite("a", "b")
            .backfill()
            .switchRead()
            .dropColumn("a");
    Migrator first = contracting(change, Duration.ofHours(1));
    awaitPhase(first, "m", Phase.CONTRACT);
    first.close();
    Migrator migrator =
        fixture.migrator(
            new HookedDataSource(
                fixture.dataSource(),
                "differing FROM \"public\".\"t\"",
                () ->
                    fixture.execute(
                        "ALTER TABLE t DISABLE TRIGGER USER",
                        "UPDATE t SET b = 3000000001",
                        "ALTER TABLE t ENABLE TRIGGER USER")),
            SETTINGS.toBuilder().contract(it -> it.retention(Duration.ofHours(1))).build(),
            change);
    migrator.prepare();
    migrator.start();
    migrator.execute("m", OperatorCommand.UNDO);
    awaitState(migrator, "m", State.FAILED);
    assertThat(migrator.status("m").orElseThrow().holds().get(0).message())
        .contains("undo-verify-at-once", "22003");

    fixture.execute("UPDATE t SET b = 2");
    migrator.execute("m", OperatorCommand.RETRY);
    Fixture.await(
        () -> migrator.status("m").orElseThrow().phase() == Phase.SWITCH_READ,
        () -> String.valueOf(migrator.status("m")));
    assertThat(fixture.value("SELECT a FROM t")).isEqualTo("2");
  }
}
