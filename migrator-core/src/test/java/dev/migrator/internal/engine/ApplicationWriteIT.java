package dev.migrator.internal.engine;

import static dev.migrator.DualWrite.byApplication;
import static dev.migrator.ReadTime.atRuntime;
import static dev.migrator.internal.engine.Fixture.AUTO;
import static dev.migrator.internal.engine.Fixture.awaitPhase;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.MigratorBuilder;
import dev.migrator.Phase;
import dev.migrator.Sync;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.error.NotReadyException;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.Hold;
import dev.migrator.status.Hold.Reason;
import dev.migrator.status.StepStatus;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The application writes both sides itself: what waits for whom, and the verification, up to the
 * reads.
 */
class ApplicationWriteIT {

  private static final String ID = "full-name";

  private static final Migration.DualWritten WRITTEN =
      Migration.define(ID)
          .table("users")
          .addColumn("full_name", "text")
          .dualWrite("name", "full_name", byApplication());

  private static final Migration.Backfilled BACKFILLED = WRITTEN.backfill();

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL DEFAULT 'nobody', hits int NOT NULL DEFAULT 0)",
        "CREATE INDEX users_by_name ON users (name)",
        "INSERT INTO users SELECT n, 'user ' || n FROM generate_series(1, 500) n");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static List<Hold> holds(Migrator migrator) {
    return migrator.status(ID).orElseThrow().holds();
  }

  private static Hold awaitHeld(Migrator migrator, Reason reason) {
    Fixture.await(
        () -> holds(migrator).stream().map(Hold::reason).toList().equals(List.of(reason)),
        () -> String.valueOf(migrator.status(ID)));
    return holds(migrator).get(0);
  }

  private String differing() {
    return fixture.value("SELECT count(*) FROM users WHERE name IS DISTINCT FROM full_name");
  }

  @Test
  void theBackfillWaitsUntilEveryInstanceWritesBothSides() {
    Migrator first = fixture.started(fixture.release(AUTO, "1.0").instance("the-canary"));
    Migrator second = fixture.started(fixture.release(AUTO, "2.0", BACKFILLED));
    Hold hold = awaitHeld(second, Reason.OLD_INSTANCES);
    assertThat(second.status(ID).orElseThrow().phase()).isEqualTo(Phase.DUAL_WRITE);
    assertThat(hold.message())
        .contains("shop 1.0 on the-canary", "last seen at", "byApplication()");
    assertThat(hold.remedy()).contains("backfill()");
    assertThat(hold.message()).doesNotContain("shop 2.0");
    assertThat(fixture.value("SELECT count(full_name) FROM users")).isEqualTo("0");
    fixture.assertNothingOfOurs();

    first.close();
    awaitPhase(second, ID, Phase.BACKFILL);
    assertThat(differing()).isEqualTo("0");
    fixture.assertNothingOfOurs();
    fixture.execute("INSERT INTO users (id) VALUES (501)");
    assertThat(differing()).as("the default is copied").isEqualTo("0");
    assertThat(second.status(ID).orElseThrow().steps())
        .extracting(StepStatus::name)
        .as(
            "no constraint before the verification, or it would fail updates of rows that are still empty")
        .containsSubsequence("await-writers", "backfill", "verify", "copy-index-users_by_name")
        .last()
        .asString()
        .contains("not-null");
    assertThat(
            fixture.value(
                "SELECT attnotnull FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = 'full_name'"))
        .isEqualTo("t");
  }

  /** What the planner saw is looked at again in the transaction that begins it. */
  @Test
  void theBackfillWaitsForARegistrationThatIsUnderWay() throws Exception {
    fixture.reach(Phase.DUAL_WRITE, WRITTEN);
    try (Registration registration = new Registration(fixture)) {
      registration.of("late");
      Migrator second = fixture.started(fixture.release(AUTO, "2.0", BACKFILLED));
      Fixture.await(
          () ->
              fixture
                  .value(
                      "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%registration%'")
                  .equals("1"),
          () -> String.valueOf(second.status(ID)));
      registration.commit();
      assertThat(awaitHeld(second, Reason.OLD_INSTANCES).message()).contains("shop 1.0 on late");
      assertThat(fixture.value("SELECT count(full_name) FROM users")).isEqualTo("0");
      fixture.execute("UPDATE migrator.instance SET left_at = now() WHERE name = 'late'");
      awaitPhase(second, ID, Phase.BACKFILL);
    }
  }

  @Test
  void aReleaseThatWritesTheOldSideOnlyDoesNotStartOnceTheBackfillHasBegun() {
    Migrator second = fixture.started(fixture.release(AUTO, "2.0", BACKFILLED));
    awaitPhase(second, ID, Phase.BACKFILL);
    Migration expanded = Migration.define(ID).table("users").addColumn("full_name", "text");
    for (MigratorBuilder late :
        List.of(fixture.release(AUTO, "1.0"), fixture.release(AUTO, "1.5", expanded))) {
      Migrator migrator = late.build();
      assertThatExceptionOfType(NotReadyException.class)
          .isThrownBy(migrator::prepare)
          .withMessageContainingAll(
              ID, "users", "[name]", "[full_name]", "such as shop 2.0", "DUAL_WRITE", "UNDO");
    }
    assertThat(second.status().fleet()).hasSize(1);
    fixture.started(fixture.release(AUTO, "1.9", WRITTEN));
  }

  /** It was killed, and what it had sent goes on at the server. */
  @Test
  void whatWasWrittenBeforeIsWaitedFor() throws Exception {
    fixture.reach(Phase.DUAL_WRITE, WRITTEN);
    try (Connection killed = fixture.database().dataSource().getConnection();
        Statement statement = killed.createStatement()) {
      killed.setAutoCommit(false);
      statement.execute("INSERT INTO users (id, name) VALUES (501, 'late')");
      Migrator second = fixture.started(fixture.release(AUTO, "2.0", BACKFILLED));
      Fixture.await(
          () ->
              second.status(ID).orElseThrow().steps().stream()
                  .anyMatch(it -> it.name().equals("await-writers") && !it.blockers().isEmpty()),
          () -> String.valueOf(second.status(ID)));
      assertThat(second.status(ID).orElseThrow().phase()).isEqualTo(Phase.DUAL_WRITE);
      killed.commit();
      awaitPhase(second, ID, Phase.BACKFILL);
    }
    assertThat(differing()).isEqualTo("0");
  }

  /** Until then the old side is the truth, whatever stands on the new one. */
  @Test
  void whatAnOldReleaseChangedAfterTheNewOneWroteBothIsCopied() {
    Migrator first = fixture.started(fixture.release(AUTO, "1.0"));
    Migrator second = fixture.started(fixture.release(AUTO, "2.0", BACKFILLED));
    fixture.execute(
        "UPDATE users SET name = 'both', full_name = 'both' WHERE id IN (1, 2)",
        "UPDATE users SET name = 'old' WHERE id = 2",
        "INSERT INTO users (id, name) VALUES (501, 'inserted')");
    first.close();
    awaitPhase(second, ID, Phase.BACKFILL);
    assertThat(fixture.value("SELECT full_name FROM users WHERE id IN (1, 2, 501) ORDER BY id"))
        .isEqualTo("both,old,inserted");
  }

  /**
   * A row that moves while the rows are compared: it is in a block that is still to come when the
   * comparison begins, and lies behind all of them when it gets there.
   */
  @Test
  void aRowThatIsMovedWhileTheVerificationIsTakenIsNotMissed() throws Exception {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text, hits int NOT NULL DEFAULT 0, pad text)",
        "ALTER TABLE t ALTER pad SET STORAGE PLAIN",
        """
        CREATE FUNCTION public.gate(a text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
        BEGIN
          IF a = 'stop' AND current_query() LIKE '%differing%' THEN
            PERFORM pg_advisory_xact_lock(42);
          END IF;
          RETURN a;
        END $$""");
    Migration.DualWritten written =
        Migration.define(ID)
            .table("t")
            .addColumn("b", "text")
            .dualWrite(Sync.of("a").with("b").compute("b", "public.gate(a)"), byApplication());
    fixture.reach(Phase.DUAL_WRITE, written);
    fixture.execute(
        // A row to a block; the first is written on both sides already, so it stays where it is.
        "INSERT INTO t SELECT 1, 'stop', 0, repeat('x', 6000), 'stop'",
        "INSERT INTO t SELECT n, 'v' || n, 0, repeat('x', 6000) FROM generate_series(2, 50) n");
    try (Connection mover = fixture.database().dataSource().getConnection();
        Connection gate = fixture.database().dataSource().getConnection();
        Statement moving = mover.createStatement();
        Statement holding = gate.createStatement()) {
      holding.execute("SELECT pg_advisory_lock(42)");
      mover.setAutoCommit(false);
      moving.execute("LOCK TABLE t IN SHARE MODE");
      Migrator second = fixture.started(fixture.release(AUTO, "2.0", written.backfill()));
      Fixture.await(
          () -> fixture.value("SELECT count(*) > 0 FROM migrator.chunk").equals("t"),
          () -> String.valueOf(second.status(ID)));
      moving.execute("UPDATE t SET hits = hits + 1 WHERE id = 30");
      mover.commit();
      Fixture.await(
          () ->
              fixture
                  .value(
                      "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                  .equals("1"),
          () -> String.valueOf(second.status(ID)));
      assertThat(fixture.value("SELECT id FROM t WHERE b IS NULL"))
          .as("it lay behind the blocks that were gone over")
          .isEqualTo("30");
      String end = fixture.value("SELECT pg_relation_size('t') / 8192");
      fixture.execute(
          // They take what room there is, so that the row lies behind all that is compared.
          "INSERT INTO t SELECT n, 'w', 0, repeat('x', 6000), 'w' FROM generate_series(101, 300) n",
          "UPDATE t SET hits = hits + 1 WHERE id = 30");
      assertThat(fixture.value("SELECT (ctid::text::point)[0] >= " + end + " FROM t WHERE id = 30"))
          .isEqualTo("t");
      holding.execute("SELECT pg_advisory_unlock(42)");
      awaitPhase(second, ID, Phase.BACKFILL);
    }
    assertThat(fixture.value("SELECT count(*) FROM t WHERE a IS DISTINCT FROM b")).isEqualTo("0");
  }

  /** A writer that keeps to nothing is no reason to go on for ever, nor to go on at all. */
  @Test
  void whatGoesOnWritingOneSideOnlyHoldsTheVerification() {
    fixture.execute(
        """
        CREATE FUNCTION public.spoil() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          NEW.full_name := 'spoilt';
          RETURN NEW;
        END $$""",
        "CREATE TRIGGER \"~~last\" BEFORE UPDATE ON users FOR EACH ROW WHEN (NEW.id = 3) EXECUTE FUNCTION public.spoil()");
    Migrator second = fixture.started(fixture.release(AUTO, "2.0", BACKFILLED));
    Fixture.await(
        () ->
            second.status(ID).orElseThrow().holds().stream()
                .anyMatch(it -> it.reason() == Reason.STEP_FAILED),
        () -> String.valueOf(second.status(ID)));
    assertThat(holds(second).get(0).message()).contains("1 rows", "users", "one side only");
    assertThat(second.status(ID).orElseThrow().phase()).isEqualTo(Phase.DUAL_WRITE);
  }

  /** What the application wrote on both sides stands, if either gives the other. */
  @Test
  void whatTheApplicationKnowsBetterStands() {
    Migration.DualWritten split =
        Migration.define(ID)
            .table("users")
            .addColumn("first_name", "text")
            .addColumn("last_name", "text")
            .dualWrite(
                Sync.of("name")
                    .with("first_name", "last_name")
                    .compute("first_name", "split_part(name, ' ', 1)")
                    .compute("last_name", "substr(name, length(split_part(name, ' ', 1)) + 2)")
                    .compute("name", "concat_ws(' ', first_name, nullif(last_name, ''))"),
                byApplication());
    fixture.execute("DROP INDEX users_by_name", "ALTER TABLE users ALTER name DROP DEFAULT");
    fixture.reach(Phase.DUAL_WRITE, split);
    fixture.execute(
        "UPDATE users SET name = 'Anna Maria Rossi', first_name = 'Anna Maria', last_name = 'Rossi' WHERE id = 1");
    Migrator second = fixture.started(fixture.release(AUTO, "2.0", split.backfill()));
    awaitPhase(second, ID, Phase.BACKFILL);
    assertThat(
            fixture.value(
                "SELECT first_name || '|' || last_name FROM users WHERE id IN (1, 2) ORDER BY id"))
        .isEqualTo("Anna Maria|Rossi,user|2");
  }

  @Test
  void aReleaseThatReadsTheNewSideWaitsAndSaysForWhom() {
    fixture.started(fixture.release(AUTO, "1.0").instance("the-canary"));
    MigratorSettings impatient = AUTO.toBuilder().startupLimit(Duration.ofSeconds(8)).build();
    assertThatExceptionOfType(NotReadyException.class)
        .isThrownBy(fixture.release(impatient, "3.0", BACKFILLED.switchRead()).build()::prepare)
        .withMessageContainingAll(
            "reads the new side", "it is at DUAL_WRITE", "shop 1.0 on the-canary", "backfill()");
  }

  @Test
  void aReleaseThatTurnsAtRuntimeServesAtOnce() {
    Migrator first = fixture.started(fixture.release(AUTO, "1.0"));
    Migrator second =
        fixture.started(fixture.release(AUTO, "2.0", BACKFILLED.switchRead(atRuntime())));
    assertThat(second.readSwitch().readsNew(ID)).isFalse();
    first.close();
    Fixture.await(() -> second.readSwitch().readsNew(ID), () -> String.valueOf(second.status(ID)));
    assertThat(differing()).isEqualTo("0");
    fixture.assertNothingOfOurs();
  }

  /** It writes the new column from its first request on. */
  @Test
  void aReleaseThatWritesBothSidesDoesNotServeWithoutTheColumns() throws Exception {
    MigratorSettings impatient =
        AUTO.toBuilder()
            .startupLimit(Duration.ofSeconds(8))
            .lock(it -> it.retryLimit(Duration.ofSeconds(60)))
            .build();
    try (Connection reader = fixture.database().dataSource().getConnection()) {
      reader.setAutoCommit(false);
      reader.createStatement().execute("SELECT FROM users LIMIT 1");
      assertThatExceptionOfType(NotReadyException.class)
          .isThrownBy(fixture.release(impatient, "2.0", BACKFILLED).build()::prepare)
          .withMessageContainingAll("writes the new side", "add-columns");
    }
  }

  @Test
  void whoWritesBothSidesIsPartOfTheDefinition() {
    fixture.reach(Phase.DUAL_WRITE, WRITTEN);
    Migration byTriggers =
        Migration.define(ID)
            .table("users")
            .addColumn("full_name", "text")
            .dualWrite("name", "full_name");
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(fixture.release(AUTO, "2.0", byTriggers).build()::prepare)
        .withMessageContainingAll("DUAL_WRITE was changed after it ran", "byApplication");
  }

  @Test
  void whoReadsAtRuntimeDoesNotWriteTheNewSideOnly() {
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> BACKFILLED.switchRead(atRuntime()).dropColumn("name"))
        .withMessageContainingAll(ID, "switchRead()");
  }
}
