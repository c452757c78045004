package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.SETTINGS;
import static dev.migrator.internal.engine.Fixture.awaitPhase;
import static dev.migrator.internal.engine.Fixture.awaitState;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.status.Hold;
import dev.migrator.status.MigrationStatus;
import dev.migrator.status.MigrationStatus.State;
import dev.migrator.status.StepStatus;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A rename through its whole life, as four releases would take it. */
@Tag("server-version")
class RenameLifeIT {

  private static final String ID = "2026-11-22-users-full-name";

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, email text)",
        "COMMENT ON COLUMN users.name IS 'how the user is called'",
        "INSERT INTO users (name) SELECT 'user ' || n FROM generate_series(1, 5000) n");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Migration.Backfilled release2() {
    return Migration.define(ID)
        .table("users")
        .addColumn("full_name", "text")
        .dualWrite("name", "full_name")
        .backfill();
  }

  @Test
  void goesThroughAllPhasesInFourReleases() {
    Migrator second = fixture.migrator(release2());
    second.prepare();
    assertThat(second.status(ID).orElseThrow().phase()).isEqualTo(Phase.DUAL_WRITE);
    fixture.execute("INSERT INTO users (name) VALUES ('old code')");
    assertThat(fixture.value("SELECT full_name FROM users WHERE name = 'old code'"))
        .isEqualTo("old code");

    second.start();
    awaitPhase(second, ID, Phase.BACKFILL);
    second.close();
    assertThat(fixture.value("SELECT count(*) FROM users WHERE full_name IS DISTINCT FROM name"))
        .isEqualTo("0");

    Migrator third = fixture.migrator(release2().switchRead());
    third.prepare();
    assertThat(third.status(ID).orElseThrow().phase()).isEqualTo(Phase.SWITCH_READ);
    fixture.execute("INSERT INTO users (full_name) VALUES ('new code')");
    assertThat(fixture.value("SELECT name FROM users WHERE full_name = 'new code'"))
        .isEqualTo("new code");

    Migrator fourth = fixture.migrator(release2().switchRead().dropColumn("name"));
    fourth.prepare();
    fourth.start();
    MigrationStatus held = fourth.status(ID).orElseThrow();
    assertThat(held.state()).isEqualTo(State.HELD);
    assertThat(held.holds())
        .extracting(Hold::reason)
        .containsExactly(Hold.Reason.CONTRACT_NOT_APPROVED, Hold.Reason.OLD_INSTANCES);
    third.close();
    assertThat(fourth.status(ID).orElseThrow().holds())
        .extracting(Hold::reason)
        .containsExactly(Hold.Reason.CONTRACT_NOT_APPROVED);

    fourth.execute(ID, OperatorCommand.CONTRACT);
    awaitState(fourth, ID, State.COMPLETED);
    assertThat(fixture.catalog())
        .contains("users.full_name text")
        .contains("how the user is called")
        .doesNotContain("users.name")
        .doesNotContain("migrator");
    fixture.execute("INSERT INTO users (full_name) VALUES ('after')");
    assertThat(fixture.value("SELECT count(*) FROM users")).isEqualTo("5003");
  }

  /**
   * An instance whose release does not contract passes the command on to one whose release does.
   */
  @Test
  void itDoesNotMatterWhichInstanceIsAsked() {
    fixture.reach(Phase.SWITCH_READ, release2().switchRead());
    Migrator third = fixture.migrator(release2().switchRead());
    third.start();
    Migrator fourth = fixture.migrator(release2().switchRead().dropColumn("name"));
    fourth.start();
    awaitState(fourth, ID, State.HELD);

    third.execute(ID, OperatorCommand.CONTRACT);
    third.close();

    awaitState(fourth, ID, State.COMPLETED);
  }

  private static final String NOT_NULL =
      "SELECT attnotnull FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = 'full_name'";

  @Test
  void reportsStepsAndVerification() {
    fixture.reach(Phase.BACKFILL, release2());

    MigrationStatus status = fixture.migrator(release2()).status(ID).orElseThrow();

    assertThat(status.steps())
        .extracting(StepStatus::name)
        .filteredOn(it -> !it.contains("not-null")) // which are others from version 18 on
        .containsExactly("add-columns", "keep-in-step", "backfill", "verify");
    assertThat(fixture.value(NOT_NULL)).isEqualTo("t");
    assertThat(status.steps()).extracting(StepStatus::state).containsOnly(StepStatus.State.DONE);
    assertThat(status.backfill()).isNotNull();
    assertThat(status.backfill().rowsDone()).isEqualTo(5000);
    assertThat(status.backfill().rowsVerified()).isEqualTo(5000);
    assertThat(status.backfill().differences()).isZero();
    assertThat(status.backfill().percent()).isEqualTo(100.0);
    assertThat(status.state()).isEqualTo(State.REACHED);
  }

  @Test
  void shorthandIsTheSameRename() {
    Migration.Backfilled rename =
        Migration.define(ID).table("users").renameColumn("name", "full_name");

    fixture.reach(Phase.BACKFILL, rename);
    fixture.reach(Phase.CONTRACT, rename.switchRead().dropColumn("name"));

    assertThat(fixture.value("SELECT count(full_name) FROM users")).isEqualTo("5000");
    assertThat(fixture.catalog()).doesNotContain("users.name");
  }

  @Test
  void aReleaseThatReadsTheNewSideWaitsForTheVerification() {
    Migrator third = fixture.migrator(release2().switchRead());

    third.prepare();

    assertThat(third.status(ID).orElseThrow().phase()).isEqualTo(Phase.SWITCH_READ);
    assertThat(fixture.value("SELECT count(*) FROM users WHERE full_name IS DISTINCT FROM name"))
        .isEqualTo("0");
  }

  @Test
  void aSecondStartFindsNothingToDo() {
    fixture.reach(Phase.BACKFILL, release2());
    String before =
        fixture.value("SELECT string_agg(attempts::text || started_at, ',') FROM migrator.step");

    Migrator again = fixture.migrator(release2());
    again.prepare();

    assertThat(
            fixture.value(
                "SELECT string_agg(attempts::text || started_at, ',') FROM migrator.step"))
        .isEqualTo(before);
  }

  @Test
  void everyPhaseBeforeContractCanBeUndone() {
    String before = fixture.catalog();
    fixture.reach(Phase.SWITCH_READ, release2().switchRead());
    Migrator second = fixture.migrator(SETTINGS, release2());
    second.start();

    for (Phase expected : new Phase[] {Phase.BACKFILL, Phase.DUAL_WRITE, Phase.EXPAND, null}) {
      second.execute(ID, OperatorCommand.UNDO);
      Fixture.await(
          () -> second.status(ID).orElseThrow().phase() == expected,
          () -> String.valueOf(second.status(ID)));
    }

    assertThat(fixture.catalog()).isEqualTo(before);
    second.execute(ID, OperatorCommand.RESUME);
    awaitPhase(second, ID, Phase.BACKFILL);
    assertThat(fixture.value("SELECT count(*) FROM users WHERE full_name IS DISTINCT FROM name"))
        .isEqualTo("0");
  }

  /** PEERS 9.9. */
  @Test
  void namesAreLiteral() {
    fixture.execute(
        "CREATE SCHEMA \"My Shop\"",
        "CREATE TABLE \"My Shop\".\"Order\" (\"select\" varchar(40), \"from\" integer DEFAULT 7)",
        "INSERT INTO \"My Shop\".\"Order\" SELECT 'x' || n FROM generate_series(1, 100) n");
    String longName = "ä".repeat(31) + "x";
    Migration change =
        Migration.define("quoted")
            .table("My Shop", "Order")
            .addColumn(longName, "varchar(40)")
            .dualWrite("select", longName)
            .backfill()
            .switchRead()
            .dropColumn("select");

    fixture.reach(Phase.CONTRACT, change);

    assertThat(fixture.value("SELECT count(\"%s\") FROM \"My Shop\".\"Order\"".formatted(longName)))
        .isEqualTo("100");
    assertThat(List.of(fixture.catalog().split("\n")))
        .noneMatch(it -> it.contains("migrator") || it.contains("Order.select "));
  }
}
