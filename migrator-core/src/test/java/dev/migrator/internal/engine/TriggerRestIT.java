package dev.migrator.internal.engine;

import static dev.migrator.plan.LockMode.SHARE_ROW_EXCLUSIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.Sync;
import dev.migrator.TimedMigrators;
import dev.migrator.internal.Timings;
import dev.migrator.internal.catalog.FillTriggers;
import dev.migrator.internal.operation.column.TriggerSql;
import dev.migrator.internal.sql.Database;
import dev.migrator.plan.MigrationPlan;
import dev.migrator.plan.PlannedLock;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.MigrationStatus;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Once all rows are copied, triggers do less while a change waits for the next release, and all
 * they can again before rows are compared or copied.
 */
@Tag("server-version")
class TriggerRestIT {

  private static final String AWAKE =
      "1_update_back UPDATE WHEN, 1_update_old UPDATE, 2_update_forward UPDATE WHEN";

  private static final String RESTING =
      "1_update_back UPDATE, 1_update_old UPDATE, 2_update_forward TRUNCATE WHEN";

  /** With one trigger for both sides. */
  private static final String RESTING_ALONE =
      "1_update_back UPDATE, 2_update_forward TRUNCATE WHEN";

  private static final String WOKEN =
      "1_update_back UPDATE, 1_update_old UPDATE, 2_update_forward UPDATE WHEN";

  private final Fixture fixture = new Fixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Migration.DualWritten copy() {
    return Migration.define("m").table("t").addColumn("b", "text").dualWrite("a", "b");
  }

  private void table() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text, other int NOT NULL DEFAULT 0)",
        "INSERT INTO t SELECT n, 'x' FROM generate_series(1, 100) n");
  }

  private Migrator started(MigratorSettings settings, Migration... changes) {
    Timings timings =
        Fixture.TIMINGS.withBackground(
            Fixture.TIMINGS.background().withTriggers(Duration.ofMillis(20)));
    var builder =
        TimedMigrators.with(timings, Migrator.builder(fixture.dataSource())).settings(settings);
    for (Migration change : changes) {
      builder.declare(change.id(), change);
    }
    return fixture.started(builder);
  }

  private String triggers() {
    return fixture.value(
        """
        SELECT string_agg(right(tgname, length(tgname) - position('_' IN substr(tgname, 11)) - 10)
                          || CASE WHEN tgtype & 32 <> 0 THEN ' TRUNCATE' ELSE ' UPDATE' END
                          || CASE WHEN tgqual IS NULL THEN '' ELSE ' WHEN' END, ', ' ORDER BY tgname)
          FROM pg_trigger WHERE tgrelid = 't'::regclass AND tgname LIKE '%_update_%'
        """);
  }

  private void awaitTriggers(String expected) {
    Fixture.await(() -> triggers().equals(expected), this::triggers);
  }

  private Migrator resting(Migration change) {
    Migrator migrator = started(Fixture.SETTINGS, change);
    awaitTriggers(RESTING);
    return migrator;
  }

  private String row(int id) {
    return fixture.value(
        "SELECT coalesce(a, '-') || '|' || coalesce(b, '-') FROM t WHERE id = " + id);
  }

  /** A row whose new side is empty, as of one that was written before the triggers. */
  private void writtenPastTheTriggers(int id) {
    fixture.execute(
        "ALTER TABLE t DISABLE TRIGGER USER",
        "INSERT INTO t (id, a) VALUES (%d, 'past')".formatted(id),
        "ALTER TABLE t ENABLE TRIGGER USER");
  }

  private static List<String> steps(MigrationPlan plan) {
    return plan.steps().map(it -> it.name() + it.locks()).toList();
  }

  /** A plan shows each lock; what was approved stands whether they rest by then or not. */
  @Test
  void aPlanSaysWhenTheyAreChanged() {
    table();
    String rest = "rest-triggers[" + new PlannedLock("\"public\".\"t\"", SHARE_ROW_EXCLUSIVE) + "]";
    String wake = rest.replace("rest-", "wake-");
    Migration contracting = copy().backfill().switchRead().dropColumn("a");
    fixture.reach(Phase.DUAL_WRITE, copy());
    assertThat(steps(fixture.migrator(copy().backfill()).plan())).endsWith(rest);
    assertThat(steps(fixture.migrator(Fixture.AUTO, contracting).plan()))
        .isNotEmpty()
        .doesNotContain(rest, wake);
    assertThat(steps(fixture.migrator(Fixture.SETTINGS, contracting).plan()))
        .as("the contract waits for a command")
        .containsSubsequence(rest, wake);
    fixture.reach(Phase.BACKFILL, copy().backfill());
    MigrationPlan awake = fixture.migrator(Fixture.AUTO, contracting).plan();
    assertThat(steps(awake)).isNotEmpty().doesNotContain(rest, wake);
    resting(copy().backfill()).close();
    MigrationPlan plan = fixture.migrator(Fixture.AUTO, contracting).plan();
    assertThat(steps(plan)).contains(wake).doesNotContain(rest);
    assertThat(plan.fingerprint()).isEqualTo(awake.fingerprint());
    assertThat(plan.toText()).contains("wake-triggers");
    fixture.execute(Registration.sql("earlier", "1 hour"));
    assertThat(steps(fixture.migrator(copy().backfill().switchRead()).plan()))
        .doesNotContain(rest, wake);
  }

  @Test
  void bothSidesAreKeptInStepWhileTheyRest() {
    table();
    resting(copy().backfill());
    fixture.execute(
        "UPDATE t SET a = 'y' WHERE id = 1",
        "UPDATE t SET b = 'y' WHERE id = 2",
        "UPDATE t SET a = 'y', b = 'z' WHERE id = 3",
        "UPDATE t SET a = NULL, other = 1 WHERE id = 4",
        "UPDATE t SET b = NULL, other = 1 WHERE id = 5",
        "INSERT INTO t (id, a) VALUES (101, 'y')",
        "INSERT INTO t (id, b) VALUES (102, 'y')",
        "UPDATE t SET other = 2");
    assertThat(List.of(row(1), row(2), row(3), row(4), row(5), row(101), row(102)))
        .containsExactly("y|y", "y|y", "y|z", "-|-", "-|-", "y|y", "y|y");
    assertThat(fixture.value("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) UPDATE t SET other = 1"))
        .doesNotContain("Trigger");
    fixture.execute("TRUNCATE t");
    assertThat(fixture.value("SELECT count(*) FROM t")).isEqualTo("0");
  }

  @Test
  void theUndoOfTheCopyWakesThem() {
    table();
    Migrator migrator = resting(copy().backfill());
    migrator.execute("m", OperatorCommand.undo(Phase.BACKFILL));
    Fixture.await(
        () -> "DUAL_WRITE".equals(fixture.value("SELECT phase FROM migrator.migration")),
        () -> String.valueOf(migrator.status("m")));
    assertThat(triggers()).isEqualTo(WOKEN);
    writtenPastTheTriggers(101);
    fixture.execute("UPDATE t SET other = 1 WHERE id = 101");
    assertThat(row(101)).isEqualTo("past|past");
    migrator.execute("m", OperatorCommand.RESUME);
    awaitTriggers(RESTING);
  }

  @Test
  void theyAreAwakeWhenRowsAreComparedForTheContract() {
    table();
    resting(copy().backfill().switchRead()).close();
    writtenPastTheTriggers(101);
    Migrator migrator = started(Fixture.AUTO, copy().backfill().switchRead().dropColumn("a"));
    Fixture.awaitState(migrator, "m", MigrationStatus.State.FAILED);
    assertThat(triggers()).isEqualTo(WOKEN);
    assertThat(migrator.status("m").orElseThrow().holds().toString()).contains("1 rows of");
    // A row that differs cannot move past what is compared.
    fixture.execute("UPDATE t SET other = 1 WHERE id = 101");
    assertThat(row(101)).isEqualTo("past|past");
    migrator.execute("m", OperatorCommand.RETRY);
    Fixture.awaitPhase(migrator, "m", Phase.CONTRACT);
    fixture.assertNothingOfOurs();
    Fixture.undoContract(migrator, "m");
    fixture.execute("UPDATE t SET a = 'y' WHERE id = 1", "UPDATE t SET b = NULL WHERE id = 2");
    assertThat(row(1) + " " + row(2)).isEqualTo("y|y -|-");
  }

  @Test
  void theyRestAgainAfterAContractThatWasUndone() {
    table();
    MigratorSettings kept =
        Fixture.SETTINGS.toBuilder().contract(it -> it.retention(Duration.ofDays(1))).build();
    Migrator migrator = started(kept, copy().backfill().switchRead().dropColumn("a"));
    awaitTriggers(RESTING);
    migrator.execute("m", OperatorCommand.CONTRACT);
    Fixture.awaitPhase(migrator, "m", Phase.CONTRACT);
    fixture.execute(
        "INSERT INTO t (id, b) VALUES (101, NULL)", "UPDATE t SET b = 'w' WHERE id = 1");
    Fixture.undoContract(migrator, "m");
    migrator.execute("m", OperatorCommand.RESUME);
    awaitTriggers(RESTING_ALONE);
    fixture.execute(
        "UPDATE t SET b = NULL WHERE id = 2",
        "UPDATE t SET a = 'y' WHERE id IN (3, 101)",
        "UPDATE t SET other = 1",
        "INSERT INTO t (id, a) VALUES (102, 'y')",
        "INSERT INTO t (id, b) VALUES (103, 'z')");
    assertThat(List.of(row(1), row(2), row(3), row(101), row(102), row(103)))
        .containsExactly("w|w", "-|-", "y|y", "y|y", "y|y", "z|z");
    migrator.execute("m", OperatorCommand.CONTRACT);
    Fixture.awaitPhase(migrator, "m", Phase.CONTRACT);
    fixture.assertNothingOfOurs();
  }

  @Test
  void theyAreAwakeWhenAnotherTriggerHasCome() {
    table();
    resting(copy().backfill());
    fixture.execute(
        "CREATE FUNCTION trimming() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.a := lower(NEW.a); RETURN NEW; END $$",
        "CREATE TRIGGER trimming BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION trimming()");
    awaitTriggers(WOKEN);
    fixture.execute("UPDATE t SET b = 'Y' WHERE id = 1");
    assertThat(row(1)).isEqualTo("Y|Y");
  }

  @Test
  void theyAreAwakeWhenADefaultHasChanged() {
    table();
    resting(copy().backfill());
    fixture.execute("ALTER TABLE t ALTER a SET DEFAULT 'd'");
    Fixture.await(
        () -> "wake-triggers,verify-anew".equals(done("wake-triggers", "verify-anew")),
        () -> fixture.value("SELECT string_agg(name || state, ',') FROM migrator.step"));
    fixture.execute("INSERT INTO t (id) VALUES (101)");
    assertThat(row(101)).isEqualTo("d|d");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // by a leader that ended before it woke them
        "work = 'COPY', copied = '{}', verified = '{}', verified_at = NULL",
        // by another version of the library, so that all rows are compared again
        "ranges = jsonb_set(ranges, '{assignments}', '\"otherwise\"')"
      })
  void theyAreAwakeWhenReadsSwitchAndRowsAreLeft(String left) {
    table();
    resting(copy().backfill()).close();
    fixture.execute("UPDATE migrator.backfill SET " + left);
    Migrator migrator = started(Fixture.SETTINGS, copy().backfill().switchRead());
    Fixture.awaitPhase(migrator, "m", Phase.SWITCH_READ);
    assertThat(done("wake-triggers", "switch-read")).isEqualTo("wake-triggers,switch-read");
    awaitTriggers(RESTING);
  }

  @Test
  void readsSwitchWithoutALockWhereAllIsCompared() {
    table();
    resting(copy().backfill()).close();
    Migrator migrator = started(Fixture.SETTINGS, copy().backfill().switchRead());
    Fixture.awaitPhase(migrator, "m", Phase.SWITCH_READ);
    assertThat(done("wake-triggers", "switch-read")).isEqualTo("switch-read");
    assertThat(triggers()).isEqualTo(RESTING);
  }

  private String done(String... steps) {
    return fixture.value(
        "SELECT string_agg(name, ',' ORDER BY finished_at) FROM migrator.step WHERE name IN ('%s') AND state = 'DONE'"
            .formatted(String.join("', '", steps)));
  }

  @Test
  void aLockThatIsNotGrantedHoldsNothingUp() throws SQLException {
    table();
    fixture.execute("CREATE TABLE u (id int PRIMARY KEY, a text)", "INSERT INTO u VALUES (1, 'x')");
    Migration other =
        Migration.define("n").table("u").addColumn("b", "text").dualWrite("a", "b").backfill();
    fixture.reach(Phase.DUAL_WRITE, copy());
    try (Connection connection = fixture.database().dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("LOCK TABLE t IN ROW EXCLUSIVE MODE");
      Migrator migrator = started(Fixture.SETTINGS, copy().backfill(), other);
      for (String id : List.of("m", "n")) {
        Fixture.awaitState(migrator, id, MigrationStatus.State.REACHED);
      }
      Fixture.await(
          () ->
              fixture
                  .value(
                      "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'u'::regclass AND tgtype & 32 <> 0")
                  .equals("1"),
          () -> "the other does not rest");
      assertThat(triggers()).isEqualTo(AWAKE);
      connection.commit();
      awaitTriggers(RESTING);
      assertThat(migrator.status("m").orElseThrow().state())
          .isEqualTo(MigrationStatus.State.REACHED);
    }
  }

  /** Its leader would compare rows without waking them. */
  @Test
  void noneRestWhileAnInstanceOfAnEarlierVersionLives() {
    table();
    resting(copy().backfill());
    fixture.execute(Registration.sql("earlier", "1 hour"));
    awaitTriggers(WOKEN);
    writtenPastTheTriggers(101);
    fixture.execute("UPDATE t SET other = 1 WHERE id = 101");
    assertThat(row(101)).isEqualTo("past|past");
    fixture.execute("UPDATE migrator.instance SET left_at = now() WHERE name = 'earlier'");
    awaitTriggers(RESTING);
  }

  /** Should it lead before they are awake, what its contract drops is not to be dropped. */
  @Test
  void noLeaderContractsWhileTheyRest() {
    table();
    resting(copy().backfill()).close();
    String function =
        fixture.value(
            "SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'migrator'::regnamespace AND proname LIKE '%\\_forward'");
    List<String> contract = new ArrayList<>();
    for (String trigger :
        fixture
            .value(
                "SELECT string_agg(quote_ident(tgname), ',') FROM pg_trigger WHERE tgrelid = 't'::regclass")
            .split(",")) {
      contract.add("DROP TRIGGER %s ON t".formatted(trigger));
    }
    contract.add("DROP FUNCTION IF EXISTS " + function);
    String together = "DO $$ BEGIN %s; END $$".formatted(String.join("; ", contract));
    assertThatThrownBy(() -> fixture.execute(together))
        .hasMessageContaining("other objects depend on it");
    assertThat(triggers()).isEqualTo(RESTING);
    Migrator migrator = started(Fixture.AUTO, copy().backfill().switchRead().dropColumn("a"));
    Fixture.awaitPhase(migrator, "m", Phase.CONTRACT);
    fixture.assertNothingOfOurs();
  }

  private List<FillTriggers.Fill> fills() {
    return new FillTriggers(new Database(fixture.dataSource()))
        .all(TriggerSql.FILL, TriggerSql.UPDATE, TriggerSql.UPDATE_OLD);
  }

  @Test
  void aCopyMayRest() {
    table();
    fixture.reach(Phase.DUAL_WRITE, copy());
    assertThat(fills()).hasSize(1).allMatch(it -> !it.rests());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ENABLE ALWAYS", "ENABLE REPLICA", "DISABLE"})
  void whatSomebodyHasSetStays(String setting) {
    table();
    fixture.reach(Phase.DUAL_WRITE, copy());
    for (String suffix : List.of("1\\_update\\_back", "1\\_update\\_old", "2\\_update\\_forward")) {
      String trigger =
          fixture.value(
              "SELECT quote_ident(tgname) FROM pg_trigger WHERE tgname LIKE '%" + suffix + "'");
      fixture.execute("ALTER TABLE t %s TRIGGER %s".formatted(setting, trigger));
      assertThat(fills()).isEmpty();
      fixture.execute("ALTER TABLE t ENABLE TRIGGER " + trigger);
      assertThat(fills()).hasSize(1);
    }
  }

  /** They had one trigger for the columns of both sides. */
  @Test
  void thoseOfAnEarlierVersionRestAsTheyDid() {
    table();
    fixture.reach(Phase.DUAL_WRITE, copy());
    EarlierTriggers.replaceOurs(fixture);
    Migrator migrator = started(Fixture.SETTINGS, copy().backfill());
    awaitTriggers(RESTING_ALONE);
    fixture.execute("UPDATE t SET a = 'y' WHERE id = 1", "UPDATE t SET b = 'y' WHERE id = 2");
    assertThat(row(1) + " " + row(2)).isEqualTo("y|y y|y");
    for (Phase undone : List.of(Phase.BACKFILL, Phase.DUAL_WRITE)) {
      migrator.execute("m", OperatorCommand.undo(undone));
      String left = undone == Phase.BACKFILL ? "DUAL_WRITE" : "EXPAND";
      Fixture.await(
          () -> left.equals(fixture.value("SELECT phase FROM migrator.migration")),
          () -> String.valueOf(migrator.status("m")));
    }
    assertThat(
            fixture.value(
                "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgrelid = 't'::regclass"))
        .isEqualTo("0");
  }

  @Test
  void noOtherChangeMayRest() {
    table();
    fixture.execute(
        "CREATE TABLE p (id int, a text) PARTITION BY RANGE (id)",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)");
    fixture.reach(
        Phase.DUAL_WRITE,
        Migration.define("p").table("p").addColumn("b", "text").dualWrite("a", "b"));
    fixture.reach(
        Phase.DUAL_WRITE,
        Migration.define("s")
            .table("t")
            .addColumn("b", "text")
            .dualWrite(Sync.of("a").with("b").compute("b", "upper(a)").compute("a", "lower(b)")));
    assertThat(fills()).isEmpty();
  }

  @Test
  void noneMayRestBesideAnotherTrigger() {
    table();
    fixture.execute(
        "CREATE FUNCTION other() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
        "CREATE TRIGGER other BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION other()");
    fixture.reach(Phase.DUAL_WRITE, copy());
    assertThat(fills()).isEmpty();
  }
}
