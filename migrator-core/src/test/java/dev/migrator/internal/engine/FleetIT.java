package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.AUTO;
import static dev.migrator.internal.engine.Fixture.awaitPhase;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.MigratorBuilder;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.CommandRefusedException;
import dev.migrator.error.NotReadyException;
import dev.migrator.error.UnsupportedDatabaseException;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.Hold;
import dev.migrator.status.Hold.Reason;
import dev.migrator.status.InstanceStatus;
import dev.migrator.status.StepStatus;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What instances may do to each other: each line of the golden rule. */
class FleetIT extends UsersFleet {

  /** What an instance that declares nothing writes when it registers. */
  @Test
  void theContractWaitsForTheLastInstanceOfAReleaseThatDoesNotKnowTheChange() {
    Migrator first = fixture.started(fixture.release(AUTO, "1.0"));
    Migrator another = fixture.started(fixture.release(AUTO, "1.0").instance("the-canary"));
    Migrator second = fixture.started(fixture.release(AUTO, "2.0", WHOLE));
    awaitHeld(second, Reason.OLD_INSTANCES);
    assertThat(second.status().fleet()).extracting(InstanceStatus::release).contains("1.0", "2.0");

    first.close();

    awaitHeld(second, Reason.OLD_INSTANCES);
    Hold hold = second.status(ID).orElseThrow().holds().get(0);
    assertThat(hold.message())
        .contains("dropColumn(\"name\")", "shop 1.0 on the-canary", "last seen at");
    assertThat(hold.message().split("shop 1.0")).hasSize(2);
    assertThat(fixture.value("SELECT count(name) FROM users")).isEqualTo("500");

    another.close();
    awaitPhase(second, ID, Phase.CONTRACT);
  }

  @Test
  void itWaitsForAReleaseThatDeclaresLess() {
    Migrator third = fixture.started(fixture.release(AUTO, "3.0", BACKFILLED.switchRead()));
    Migrator fourth = fixture.started(fixture.release(AUTO, "4.0", WHOLE));
    awaitHeld(fourth, Reason.OLD_INSTANCES);
    third.close();
    awaitPhase(fourth, ID, Phase.CONTRACT);
  }

  @Test
  void aReleaseThatSaysThatItIsFinishedHoldsNothing() {
    Migrator whole = fixture.started(fixture.release(AUTO, "2.0", WHOLE));
    fixture.started(fixture.release(AUTO, "3.0", Migration.completed(ID)));
    awaitPhase(whole, ID, Phase.CONTRACT);
    whole.close();
    Migrator later = fixture.started(fixture.release(AUTO, "3.1", Migration.completed(ID)));
    assertThat(later.readSwitch().readsNew(ID)).isTrue();
  }

  @Test
  void aReleaseThatStillNeedsWhatIsGoneDoesNotStart() {
    Migrator whole = fixture.started(fixture.release(AUTO, "2.0", WHOLE));
    awaitPhase(whole, ID, Phase.CONTRACT);
    for (MigratorBuilder late :
        List.of(
            fixture.release(AUTO, "1.0"),
            fixture.release(AUTO, "1.5", BACKFILLED),
            fixture.release(AUTO, "1.7", BACKFILLED.switchRead()))) {
      Migrator migrator = late.build();
      assertThatExceptionOfType(NotReadyException.class)
          .isThrownBy(migrator::prepare)
          .withMessageContainingAll(
              ID, "users", "[name]", "such as shop 2.0", "undo the contract by UNDO before");
    }
    assertThat(whole.status().fleet()).extracting(InstanceStatus::release).containsExactly("2.0");
  }

  /** As after kill -9: nobody gives the registration back. */
  @Test
  void anInstanceThatIsGoneHoldsUntilItsLeaseEnds() {
    Cut cut = new Cut(fixture);
    Told told = new Told();
    Migrator old =
        fixture.started(
            Fixture.builder(cut).settings(AUTO).application("shop", "1.0").listener(told));
    Migrator whole = fixture.started(fixture.release(AUTO, "2.0", WHOLE));
    awaitHeld(whole, Reason.OLD_INSTANCES);

    cut.cut = true;
    awaitPhase(whole, ID, Phase.CONTRACT);
    assertThat(old.mayServe()).as("it stopped serving before the contract").isFalse();
    assertThat(told.words).containsExactly("paused");

    cut.cut = false;
    Fixture.await(() -> told.words.contains("refused"), () -> told.words.toString());
    assertThat(old.mayServe()).isFalse();
    assertThat(told.reason).contains(ID, "[name]", "such as shop 2.0");
    assertThat(whole.status().fleet()).extracting(InstanceStatus::release).containsExactly("2.0");
  }

  @Test
  void anInstanceThatWasAwayComesBackIfNothingItNeedsIsGone() {
    Cut cut = new Cut(fixture);
    Told told = new Told();
    Migrator migrator =
        fixture.started(
            Fixture.builder(cut).settings(AUTO).application("shop", "1.0").listener(told));
    cut.cut = true;
    Fixture.await(() -> !migrator.mayServe(), () -> "serves on");
    // Somebody has presumed it dead; only then it has to look at the journal again.
    fixture.execute("UPDATE migrator.instance SET left_at = now()");
    cut.cut = false;
    Fixture.await(migrator::mayServe, () -> told.words.toString());
    Fixture.await(() -> told.words.contains("resumed"), () -> told.words.toString());
    assertThat(told.words).doesNotContain("refused");
    assertThat(migrator.status().fleet()).hasSize(1);
  }

  /** The contract's transaction and a registration: whichever is first, the other one sees it. */
  @Test
  void nobodySlipsPastTheContract() throws Exception {
    Migrator second = fixture.started(fixture.release(AUTO, "2.0", BACKFILLED.switchRead()));
    Migrator early = fixture.release(AUTO, "1.0").build();
    fixture.closing(early);
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (Connection contract = fixture.database().dataSource().getConnection()) {
      contract.setAutoCommit(false);
      contract
          .createStatement()
          .execute("SELECT FROM migrator.lease WHERE name = 'registration' FOR UPDATE");
      Future<?> registration = threads.submit(early::prepare);
      Fixture.await(
          () ->
              fixture
                  .value("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
                  .equals("1"),
          () -> "the registration to wait");
      contract
          .createStatement()
          .execute(
              """
              UPDATE migrator.migration
                 SET phase = 'CONTRACT', begun = 'CONTRACT'""");
      contract.commit();
      assertThatExceptionOfType(java.util.concurrent.ExecutionException.class)
          .isThrownBy(registration::get)
          .withCauseInstanceOf(NotReadyException.class);
    } finally {
      threads.shutdownNow();
    }
    second.close();
  }

  @Test
  void theContractWaitsForARegistrationThatIsUnderWay() throws Exception {
    Migrator second = fixture.started(fixture.release(AUTO, "2.0", BACKFILLED.switchRead()));
    try (Registration registration = new Registration(fixture)) {
      registration.of("late");
      Migrator whole = fixture.started(fixture.release(AUTO, "3.0", WHOLE));
      second.close();
      // It tries, does not get the gate, and must let go of the table each time.
      Fixture.await(
          () ->
              fixture
                  .value(
                      "SELECT max(attempts) > 1 FROM migrator.step WHERE name = 'retire-columns'")
                  .equals("t"),
          () -> String.valueOf(whole.status(ID)));
      registration.commit();
      awaitHeld(whole, Reason.OLD_INSTANCES);
      assertThat(fixture.value("SELECT count(name) FROM users")).isEqualTo("500");
      fixture.execute("UPDATE migrator.instance SET left_at = now() WHERE name = 'late'");
      awaitPhase(whole, ID, Phase.CONTRACT);
    }
  }

  /** Whatever isolation is set for the role, the pool or the database. */
  @Test
  void theContractSeesWhoRegisteredWhileItWaited() throws Exception {
    fixture.execute(
        "ALTER ROLE CURRENT_USER SET default_transaction_isolation = 'repeatable read'");
    MigratorBuilder late =
        Fixture.builder(fixture.pool(2))
            .settings(AUTO.toBuilder().lock(it -> it.budget(Duration.ofSeconds(5))).build())
            .application("shop", "3.0")
            .declare("bean", WHOLE);
    Migrator second = fixture.started(fixture.release(AUTO, "2.0", BACKFILLED.switchRead()));
    try (Registration registration = new Registration(fixture)) {
      Migrator whole = fixture.started(late);
      second.close();
      Fixture.await(
          () ->
              fixture
                  .value(
                      "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%registration%'")
                  .equals("1"),
          () -> String.valueOf(whole.status(ID)));
      registration.of("late");
      registration.commit();
      awaitHeld(whole, Reason.OLD_INSTANCES);
      assertThat(fixture.value("SELECT count(name) FROM users")).isEqualTo("500");
      Fixture.await(
          () ->
              whole.status(ID).orElseThrow().steps().stream()
                  .noneMatch(it -> it.state() == StepStatus.State.RUNNING),
          () -> "nothing to be under way, but it is " + whole.status(ID));
    } finally {
      fixture.execute("ALTER ROLE CURRENT_USER RESET default_transaction_isolation");
    }
  }

  @Test
  void aColumnThatIsUsedIsNotTakenAway() {
    Migration adding = Migration.define(ID).table("users").addColumn("email", "text");
    Migrator user = fixture.started(fixture.release(AUTO, "2.0", adding));
    Migrator other = fixture.started(fixture.release(AUTO, "1.0"));
    assertThatExceptionOfType(CommandRefusedException.class)
        .isThrownBy(() -> other.execute(ID, OperatorCommand.UNDO))
        .withMessageContaining("shop 2.0");
    user.close();
    other.execute(ID, OperatorCommand.UNDO);
    Fixture.await(
        () -> other.status(ID).orElseThrow().phase() == null,
        () -> String.valueOf(other.status(ID)));
  }

  /** The one that asks has a short lease, the one that is asked about a long one. */
  @Test
  void everyInstanceHasTheLeaseThatItHasSetItself() {
    Migrator reader =
        fixture.started(
            Fixture.builder(fixture.dataSource())
                .settings(
                    AUTO.toBuilder().fleet(it -> it.leaseTime(Duration.ofSeconds(60))).build())
                .application("shop", "3.0")
                .declare("bean", BACKFILLED.switchRead()));
    MigratorSettings shortest =
        AUTO.toBuilder().fleet(it -> it.leaseTime(Duration.ofSeconds(1))).build();
    Migrator second =
        fixture.started(
            Fixture.builder(fixture.dataSource()).settings(shortest).declare("bean", BACKFILLED));
    second.execute(ID, OperatorCommand.UNDO);
    Fixture.await(
        () -> second.status(ID).orElseThrow().phase() == Phase.BACKFILL,
        () -> String.valueOf(second.status(ID)));
    // Its own lease is over and renewed several times meanwhile; the reader's heart beats every 10
    // s.
    Fixture.await(
        () ->
            fixture
                .value("SELECT beats > 15 FROM migrator.instance WHERE release = 'unknown'")
                .equals("t"),
        () -> "heartbeats");
    assertThatExceptionOfType(CommandRefusedException.class)
        .isThrownBy(() -> second.execute(ID, OperatorCommand.UNDO))
        .withMessageContaining("shop 3.0");
    assertThat(reader.mayServe()).isTrue();
  }

  @Test
  void aStartThatSkipsThePreparationIsRefusedAsWell() {
    Migrator whole = fixture.started(fixture.release(AUTO, "2.0", WHOLE));
    awaitPhase(whole, ID, Phase.CONTRACT);
    assertThatExceptionOfType(NotReadyException.class)
        .isThrownBy(() -> fixture.release(AUTO, "1.0").build().start())
        .withMessageContaining("[name]");
    assertThat(whole.status().fleet()).hasSize(1);
  }

  @Test
  void aNameThatAnotherLiveInstanceHasIsRefused() {
    Migrator first = fixture.started(fixture.release(AUTO, "1.0").instance("one"));
    assertThatExceptionOfType(NotReadyException.class)
        .isThrownBy(() -> fixture.release(AUTO, "1.0").instance("one").build().prepare())
        .withMessageContainingAll("\"one\"", "migrator.instance-id");
    assertThat(first.status().fleet()).hasSize(1);

    first.close();
    fixture.started(fixture.release(AUTO, "1.0").instance("one"));
  }

  /** Of one that was killed only the lease has to end. */
  @Test
  void theNameOfOneThatWasKilledIsWaitedFor() {
    fixture.reach(Phase.EXPAND, BACKFILLED);
    fixture.execute(Registration.sql("one", "1 second"));
    Migrator next = fixture.started(fixture.release(AUTO, "1.0", BACKFILLED).instance("one"));
    Fixture.await(() -> next.status().fleet().size() == 1, () -> "the dead one to be gone");
  }

  @Test
  void aNameIsNotWaitedForLongerBecauseTheClockWasSetBack() {
    fixture.reach(Phase.EXPAND, BACKFILLED);
    fixture.execute(
        Registration.sql("one", "2 hours"),
        "UPDATE migrator.instance SET seen_at = now() + interval '1 hour'");
    Migrator next = fixture.started(fixture.release(AUTO, "1.0", BACKFILLED).instance("one"));
    assertThat(next.status().fleet()).as("it counts until its lease was watched").hasSize(2);
  }

  @Test
  void anInstanceIsRegisteredBeforeItLooksAtTheJournal() {
    fixture.started(fixture.release(AUTO, "1.0"));
    fixture.execute("ALTER TABLE migrator.migration RENAME COLUMN phase TO hidden");
    Migrator migrator = fixture.release(AUTO, "2.0", WHOLE).build();
    assertThatExceptionOfType(RuntimeException.class).isThrownBy(migrator::prepare);
    assertThat(
            fixture.value(
                "SELECT left_at IS NOT NULL FROM migrator.instance WHERE release = '2.0'"))
        .as("registered, and given back when the start failed")
        .isEqualTo("t");
  }

  @Test
  void aJournalOfAnotherLayoutIsRefused() {
    fixture.started(fixture.release(AUTO, "1.0", BACKFILLED)).close();
    assertThat(fixture.value("SELECT obj_description('migrator.migration'::regclass, 'pg_class')"))
        .isEqualTo("{\"layout\": 7}");
    fixture.execute("COMMENT ON TABLE migrator.migration IS '{\"layout\": 9}'");
    assertThatExceptionOfType(UnsupportedDatabaseException.class)
        .isThrownBy(() -> fixture.release(AUTO, "1.0", BACKFILLED).build().prepare())
        .withMessageContaining("has layout 9, this version of the library uses 7");
  }

  @Test
  void aJournalOfWhichTablesAreMissingIsRefused() {
    fixture.started(fixture.release(AUTO, "1.0")).close();
    fixture.execute("ALTER TABLE migrator.migration RENAME TO hidden");
    assertThatExceptionOfType(UnsupportedDatabaseException.class)
        .isThrownBy(() -> fixture.release(AUTO, "1.0", WHOLE).build().prepare())
        .withMessageContaining("has only a part of the journal");
  }
}
