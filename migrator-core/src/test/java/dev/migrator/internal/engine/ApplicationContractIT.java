package dev.migrator.internal.engine;

import static dev.migrator.ReadTime.atRuntime;
import static dev.migrator.internal.engine.Fixture.AUTO;
import static dev.migrator.internal.engine.Fixture.awaitPhase;
import static dev.migrator.internal.engine.Fixture.awaitState;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migrator;
import dev.migrator.MigratorBuilder;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.NotReadyException;
import dev.migrator.internal.engine.ApplicationClients.Client;
import dev.migrator.internal.engine.ApplicationClients.Code;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.Hold.Reason;
import dev.migrator.status.MigrationStatus.State;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The application writes both sides itself: how the old side goes, and how it comes back. */
class ApplicationContractIT extends ApplicationContract {

  /** One release over the other, each instance up before the last one goes. */
  @Test
  void fourReleasesRollOverEachOtherUnderWrites() {
    MigratorSettings settings =
        AUTO.toBuilder().contract(it -> it.retention(Duration.ZERO)).build();
    try (ApplicationClients clients = new ApplicationClients(fixture.jdbc())) {
      Migrator first = fixture.started(fixture.release(settings, "1.0"));
      Client one = clients.serve(Code.OLD);

      Migrator second = fixture.started(fixture.release(settings, "2.0", BACKFILLED));
      Client two = clients.serve(Code.BOTH_READING_OLD);
      awaitHeld(second, Reason.OLD_INSTANCES);
      one.stop();
      first.close();
      awaitPhase(second, ID, Phase.BACKFILL);
      fixture.assertNothingOfOurs();

      Migrator third = fixture.started(fixture.release(settings, "3.0", SWITCHED));
      Client three = clients.serve(Code.BOTH_READING_NEW);
      two.stop();
      second.close();
      fixture.assertNothingOfOurs();

      Migrator fourth = fixture.started(fixture.release(settings, "4.0", WHOLE));
      Client four = clients.serve(Code.NEW);
      awaitHeld(fourth, Reason.OLD_INSTANCES);
      fixture.assertNothingOfOurs();
      three.stop();
      third.close();
      awaitState(fourth, ID, State.COMPLETED);
      four.stop();
      clients.assertNothingWasLost();
    }
    assertThat(fixture.catalog())
        .doesNotContain("users.name")
        .contains("users_by_name")
        .doesNotContain("migrator");
    assertThat(fixture.value("SELECT count(*) FROM users WHERE full_name IS NULL")).isEqualTo("0");
  }

  @Test
  void aReleaseThatWritesTheNewSideOnlyWaitsForThoseThatReadTheOldOne() throws Exception {
    Migrator second =
        fixture.started(fixture.release(AUTO, "2.0", BACKFILLED).instance("the-canary"));
    awaitPhase(second, ID, Phase.BACKFILL);
    assertThatExceptionOfType(NotReadyException.class)
        .isThrownBy(fixture.release(IMPATIENT, "4.0", WHOLE).build()::prepare)
        .withMessageContainingAll(
            "nothing but the new side", "released", "shop 2.0 on the-canary", "switchRead()");
    assertThat(oldSide()).isEqualTo("KEPT");

    Migrator fourth = fixture.release(AUTO, "4.0", WHOLE).build();
    fixture.closing(fourth);
    Thread start = new Thread(fourth::prepare);
    start.start();
    Fixture.await(
        () -> second.status().fleet().size() == 2, () -> String.valueOf(second.status().fleet()));
    assertThat(oldSide()).isEqualTo("KEPT");
    second.close();
    start.join();
    assertThat(oldSide()).isEqualTo("RELEASED");
  }

  @Test
  void theReleaseOfTheOldSideWaitsForARegistrationThatIsUnderWay() throws Exception {
    Migrator third = fixture.started(fixture.release(AUTO, "3.0", SWITCHED));
    awaitPhase(third, ID, Phase.SWITCH_READ);
    try (Registration registration = new Registration(fixture)) {
      registration.of(
          "late", "2.0", "{\"full-name\": {\"phase\": \"BACKFILL\", \"writesNew\": true}}");
      Migrator fourth = fixture.release(AUTO, "4.0", WHOLE).build();
      fixture.closing(fourth);
      Thread start = new Thread(fourth::prepare);
      start.start();
      Fixture.await(
          () ->
              fixture
                  .value(
                      "SELECT max(attempts) > 1 FROM migrator.step WHERE name = 'release-old-columns'")
                  .equals("t"),
          () -> String.valueOf(third.status(ID)));
      registration.commit();
      awaitHeld(fourth, Reason.OLD_INSTANCES);
      assertThat(oldSide()).isEqualTo("KEPT");
      fixture.execute("UPDATE migrator.instance SET left_at = now() WHERE name = 'late'");
      start.join();
      assertThat(oldSide()).isEqualTo("RELEASED");
    }
  }

  @Test
  void rightOverAReleaseThatKnowsNothingOfItTheStartSaysWhy() {
    fixture.started(fixture.release(AUTO, "1.0").instance("the-canary"));
    assertThatExceptionOfType(NotReadyException.class)
        .isThrownBy(fixture.release(PATIENT, "4.0", WHOLE).build()::prepare)
        .withMessageContainingAll("it is at DUAL_WRITE", "shop 1.0 on the-canary", "backfill()");
    assertThat(fixture.value("SELECT count(*) FROM users WHERE full_name IS NOT NULL"))
        .isEqualTo("0");
  }

  /** As on a new database of a developer, or of a test. */
  @Test
  void aloneItDoesAllOfItAtItsStart() {
    Migrator fourth = fixture.release(AUTO, "4.0", WHOLE).build();
    fixture.closing(fourth);
    fourth.prepare();
    assertThat(oldSide()).isEqualTo("RELEASED");
    fixture.execute("INSERT INTO users (id, full_name) VALUES (501, 'new')");
    fourth.start();
    awaitPhase(fourth, ID, Phase.CONTRACT);
    assertThat(fixture.value("SELECT count(full_name) FROM users")).isEqualTo("502");
  }

  @Test
  void itWaitsForReadsThatTurnAtRuntime() {
    MigratorSettings slow =
        AUTO.toBuilder().fleet(it -> it.switchGrace(Duration.ofHours(1))).build();
    Migrator second =
        fixture.started(fixture.release(slow, "2.0", BACKFILLED.switchRead(atRuntime())));
    Fixture.await(() -> second.readSwitch().readsNew(ID), () -> String.valueOf(second.status(ID)));
    assertThatExceptionOfType(NotReadyException.class)
        .isThrownBy(fixture.release(IMPATIENT, "4.0", WHOLE).build()::prepare)
        .withMessageContaining("have not turned their reads");
    assertThat(oldSide()).isEqualTo("KEPT");
  }

  /** The last moment in which a row can be found that was written on one side only. */
  @Test
  void whatWasWrittenOnOneSideOnlyHoldsTheRelease() {
    Migrator third = fixture.started(fixture.release(AUTO, "3.0", SWITCHED));
    awaitPhase(third, ID, Phase.SWITCH_READ);
    fixture.execute("UPDATE users SET name = 'by hand' WHERE id = 7");
    assertThatExceptionOfType(RuntimeException.class)
        .isThrownBy(fixture.release(AUTO, "4.0", WHOLE).build()::prepare)
        .withMessageContainingAll("1 rows", "users", "verify-again");
    assertThat(oldSide()).isEqualTo("KEPT");
    fixture.execute("UPDATE users SET full_name = name WHERE id = 7");
    fixture.started(fixture.release(AUTO, "4.0", WHOLE));
    assertThat(oldSide()).isEqualTo("RELEASED");
  }

  @Test
  void whenTheOldSideIsReleasedNobodyStartsWhoReadsIt() {
    Migrator third = fixture.started(fixture.release(AUTO, "3.0", SWITCHED));
    Migrator fourth = fixture.started(fixture.release(AUTO, "4.0", WHOLE));
    assertThat(awaitHeld(fourth, Reason.OLD_INSTANCES).message()).contains("shop 3.0");
    for (MigratorBuilder late :
        List.of(fixture.release(AUTO, "1.0"), fixture.release(AUTO, "2.0", BACKFILLED))) {
      assertThatExceptionOfType(NotReadyException.class)
          .isThrownBy(late.build()::prepare)
          .withMessageContainingAll(
              ID, "users", "[name]", "SWITCH_READ", "released", "such as shop");
    }
    fixture.started(fixture.release(AUTO, "3.1", SWITCHED));
    Migrator switching =
        fixture.started(fixture.release(AUTO, "3.2", BACKFILLED.switchRead(atRuntime())));
    assertThat(switching.readSwitch().readsNew(ID)).isTrue();
    third.close();
  }

  /** A leftover of the old side would reject, or even delete, what is right on the new one. */
  @Test
  void theReleasedSideRejectsNothing() {
    fixture.execute(
        "INSERT INTO parent SELECT 'user ' || n FROM generate_series(0, 600) n",
        "ALTER TABLE users ADD CONSTRAINT users_parent FOREIGN KEY (name) REFERENCES parent ON DELETE CASCADE",
        "ALTER TABLE users ADD CONSTRAINT pair UNIQUE (name, hits)",
        "ALTER TABLE users ADD CONSTRAINT filled CHECK (name <> '' OR hits = 0)",
        "INSERT INTO parent VALUES ('nobody')");
    String before = fixture.catalog();
    Migrator third = fixture.started(fixture.release(AUTO, "3.0", SWITCHED));
    Migrator fourth = fixture.started(fixture.release(AUTO, "4.0", WHOLE));
    fixture.execute(
        "UPDATE users SET full_name = 'user 501' WHERE id = 1",
        "DELETE FROM parent WHERE code = 'user 1'",
        "UPDATE users SET full_name = 'user 502' WHERE id = 2",
        "INSERT INTO users (id, full_name) VALUES (502, 'user 2')",
        "INSERT INTO users (id, name, full_name) VALUES (503, 'user 503', 'user 503')",
        "INSERT INTO users (id) VALUES (504)");
    assertThat(fixture.value("SELECT full_name FROM users WHERE id IN (1, 502, 504) ORDER BY id"))
        .isEqualTo("user 501,user 2,nobody");

    third.execute(ID, OperatorCommand.UNDO);
    fourth.close();
    awaitUndone(third, Phase.SWITCH_READ);
    assertThat(differing()).isEqualTo("0");
    third.close();
    undoAll();
    assertThat(sorted(fixture.catalog())).isEqualTo(sorted(before));
  }

  @Test
  void columnsThatAreWrittenAreNotTakenAway() {
    Migrator second = fixture.started(fixture.release(AUTO, "2.0", BACKFILLED));
    awaitPhase(second, ID, Phase.BACKFILL);
    for (Phase phase : List.of(Phase.DUAL_WRITE, Phase.EXPAND)) {
      second.execute(ID, OperatorCommand.UNDO);
      awaitUndone(second, phase);
    }
    assertThatExceptionOfType(dev.migrator.error.CommandRefusedException.class)
        .isThrownBy(() -> second.execute(ID, OperatorCommand.UNDO))
        .withMessageContainingAll("written by", "shop 2.0");
    fixture.started(fixture.release(AUTO, "2.1", BACKFILLED)).close();
    Migrator first = fixture.started(fixture.release(AUTO, "1.0"));
    second.close();
    first.execute(ID, OperatorCommand.UNDO);
    Fixture.await(
        () -> first.status(ID).orElseThrow().phase() == null,
        () -> String.valueOf(first.status(ID)));
    assertThatExceptionOfType(NotReadyException.class)
        .isThrownBy(fixture.release(IMPATIENT, "2.2", BACKFILLED).build()::prepare)
        .withMessageContaining("writes the new side");
  }
}
