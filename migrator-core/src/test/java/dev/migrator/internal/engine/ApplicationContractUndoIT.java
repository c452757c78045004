package dev.migrator.internal.engine;

import static dev.migrator.ReadTime.atRuntime;
import static dev.migrator.internal.engine.Fixture.AUTO;
import static dev.migrator.internal.engine.Fixture.awaitPhase;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.CommandRefusedException;
import dev.migrator.error.NotReadyException;
import dev.migrator.internal.engine.ApplicationClients.Client;
import dev.migrator.internal.engine.ApplicationClients.Code;
import dev.migrator.settings.ContractMode;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.Hold;
import dev.migrator.status.Hold.Reason;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The way back where the application writes both sides, and who may not come back meanwhile. */
class ApplicationContractUndoIT extends ApplicationContract {

  @Test
  void aContractIsUndoneUnderWritesAndMadeAgain() {
    String[] before = {""};
    try (ApplicationClients clients = new ApplicationClients(fixture.jdbc())) {
      Migrator third = fixture.started(fixture.release(AUTO, "3.0", SWITCHED));
      before[0] = fixture.catalog();
      Client three = clients.serve(Code.BOTH_READING_NEW);
      Migrator fourth = fixture.started(fixture.release(AUTO, "4.0", WHOLE));
      Client four = clients.serve(Code.NEW);
      three.stop();
      third.close();
      awaitPhase(fourth, ID, Phase.CONTRACT);
      assertThatExceptionOfType(NotReadyException.class)
          .isThrownBy(fixture.release(AUTO, "3.0", SWITCHED).build()::prepare);

      fourth.execute(ID, OperatorCommand.UNDO);
      Hold hold = awaitHeld(fourth, Reason.WRITES_NEW_SIDE);
      assertThat(hold.message()).contains("shop 4.0");
      assertThat(fixture.catalog()).contains("users.name");
      assertThatExceptionOfType(NotReadyException.class)
          .as("it reads the old side, which is not up to date")
          .isThrownBy(fixture.release(AUTO, "2.0", BACKFILLED).build()::prepare);
      Migrator again = fixture.started(fixture.release(AUTO, "3.1", SWITCHED));
      Client writing = clients.serve(Code.BOTH_READING_NEW);
      assertThat(oldSide()).isEqualTo("RELEASED");
      four.stop();
      fourth.close();
      awaitUndone(again, Phase.SWITCH_READ);
      Client reading = clients.serve(Code.BOTH_READING_OLD);
      assertThat(sorted(fixture.catalog())).isEqualTo(sorted(before[0]));
      fixture.assertNothingOfOurs();
      fixture.started(fixture.release(AUTO, "2.1", BACKFILLED)).close();
      reading.stop();

      again.execute(ID, OperatorCommand.RESUME);
      Migrator last = fixture.started(fixture.release(AUTO, "4.1", WHOLE));
      Client newest = clients.serve(Code.NEW);
      writing.stop();
      again.close();
      awaitPhase(last, ID, Phase.CONTRACT);
      newest.stop();
      clients.assertNothingWasLost();
    }
  }

  /** No release is at hand that writes both sides, so the undo would wait for ever. */
  @Test
  void anUndoThatWaitsIsTurnedRound() {
    Migrator third = fixture.started(fixture.release(AUTO, "3.0", SWITCHED));
    awaitPhase(third, ID, Phase.SWITCH_READ);
    Migrator fourth = fixture.started(fixture.release(AUTO, "4.0", WHOLE));
    third.close();
    awaitPhase(fourth, ID, Phase.CONTRACT);
    String contracted = fixture.catalog();
    fourth.execute(ID, OperatorCommand.UNDO);
    awaitHeld(fourth, Reason.WRITES_NEW_SIDE);
    fourth.execute(ID, OperatorCommand.RESUME);
    awaitPhase(fourth, ID, Phase.CONTRACT);
    assertThat(fixture.catalog()).isEqualTo(contracted);
  }

  /** Nor can the one that did, as something else has gone meanwhile that it relies on. */
  @Test
  void anUndoThatNoReleaseCouldSatisfyIsRefused() {
    fixture.execute("ALTER TABLE users ADD fax text");
    Migration fax = Migration.define("fax").table("users").dropColumn("fax");
    fixture.started(fixture.release(AUTO, "3.0", SWITCHED)).close();
    Migrator fourth = fixture.started(fixture.release(AUTO, "4.0", WHOLE, fax));
    awaitPhase(fourth, ID, Phase.CONTRACT);
    awaitPhase(fourth, "fax", Phase.CONTRACT);
    assertThatExceptionOfType(CommandRefusedException.class)
        .isThrownBy(() -> fourth.execute(ID, OperatorCommand.UNDO))
        .withMessageContainingAll("MIG-5008", "shop 3.0", "contract of \"fax\"", "switchRead()");
    assertThat(fourth.status(ID).orElseThrow().phase()).isEqualTo(Phase.CONTRACT);

    assertThatExceptionOfType(NotReadyException.class)
        .as("it is known from here on")
        .isThrownBy(fixture.release(AUTO, "3.1", SWITCHED, fax).build()::prepare);
    fourth.execute(ID, OperatorCommand.UNDO);
    awaitHeld(fourth, Reason.WRITES_NEW_SIDE);
    Migrator third = fixture.started(fixture.release(AUTO, "3.2", SWITCHED, fax));
    fourth.close();
    awaitUndone(third, Phase.SWITCH_READ);
  }

  @Test
  void anApprovalThatHasNotBegunIsWithdrawn() {
    MigratorSettings manual = AUTO.toBuilder().contract(it -> it.mode(ContractMode.MANUAL)).build();
    Migrator third = fixture.started(fixture.release(manual, "3.0", SWITCHED));
    awaitPhase(third, ID, Phase.SWITCH_READ);
    third.execute(ID, OperatorCommand.CONTRACT);
    third.execute(ID, OperatorCommand.undo(Phase.CONTRACT));
    assertThat(third.status(ID).orElseThrow().phase()).isEqualTo(Phase.SWITCH_READ);
    Migrator fourth = fixture.started(fixture.release(manual, "4.0", WHOLE));
    third.close();
    awaitHeld(fourth, Reason.CONTRACT_NOT_APPROVED);
    fourth.execute(ID, OperatorCommand.CONTRACT);
    awaitPhase(fourth, ID, Phase.CONTRACT);
  }

  /** Its lease was over when the old side was asked for again; now everybody has to write it. */
  @Test
  void whoWritesTheNewSideOnlyDoesNotComeBackWhenTheOldOneIsWanted() {
    FleetIT.Cut cut = new FleetIT.Cut(fixture);
    FleetIT.Told told = new FleetIT.Told();
    Migrator third = fixture.started(fixture.release(AUTO, "3.0", SWITCHED));
    Migrator fourth =
        fixture.started(
            Fixture.builder(cut)
                .settings(AUTO)
                .application("shop", "4.0")
                .listener(told)
                .declare("bean", WHOLE));
    awaitOldSide("RELEASED");
    third.execute(ID, OperatorCommand.UNDO);
    awaitHeld(third, Reason.WRITES_NEW_SIDE);
    cut.cut = true;
    awaitUndone(third, Phase.SWITCH_READ);
    assertThat(fourth.mayServe()).as("it stopped before").isFalse();
    cut.cut = false;
    Fixture.await(() -> told.words.contains("refused"), () -> told.words.toString());
    assertThat(told.reason).contains(ID, "nothing but the new side", "writes both sides");
    assertThat(fourth.mayServe()).isFalse();
    assertThatExceptionOfType(NotReadyException.class)
        .isThrownBy(fixture.release(IMPATIENT, "4.1", WHOLE).build()::prepare)
        .withMessageContaining("nothing but the new side");
  }

  /**
   * Once BACKFILL is undone a release may start that writes the old side only, and nothing would
   * bring to the new one what that writes.
   */
  @Test
  void whoReadsTheNewSideDoesNotComeBackWhileTheBackfillIsUndone() throws Exception {
    FleetIT.Cut cut = new FleetIT.Cut(fixture);
    FleetIT.Told told = new FleetIT.Told();
    Migrator second = fixture.started(fixture.release(AUTO, "2.0", BACKFILLED));
    Migrator third =
        fixture.started(
            Fixture.builder(cut)
                .settings(AUTO)
                .application("shop", "3.0")
                .listener(told)
                .declare("bean", SWITCHED));
    awaitPhase(third, ID, Phase.SWITCH_READ);
    second.execute(ID, OperatorCommand.UNDO);
    awaitUndone(second, Phase.BACKFILL);
    try (Connection reader = fixture.database().dataSource().getConnection();
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.execute("SELECT FROM users LIMIT 1");
      cut.cut = true;
      Fixture.await(
          () -> isAccepted(second, OperatorCommand.UNDO), () -> String.valueOf(second.status(ID)));
      Fixture.await(
          () ->
              second.status(ID).orElseThrow().steps().stream()
                  .anyMatch(it -> !it.blockers().isEmpty()),
          () -> String.valueOf(second.status(ID)));
      cut.cut = false;
      Fixture.await(() -> told.words.size() > 1, () -> told.words.toString());
      assertThat(told.words).containsExactly("paused", "refused");
      assertThat(told.reason).contains(ID, "reads the new side", "does not read the new columns");
      reader.rollback();
    }
    awaitUndone(second, Phase.DUAL_WRITE);
    fixture.started(fixture.release(AUTO, "1.9"));
  }

  /** It had seen that it may serve, and stood still before it did. */
  @Test
  void aStartThatStoodStillAtItsEndLooksAgain() throws Exception {
    Migrator third = fixture.started(fixture.release(AUTO, "3.0", SWITCHED));
    fixture.started(fixture.release(AUTO, "4.0", WHOLE)).close();
    awaitOldSide("RELEASED");
    CountDownLatch seen = new CountDownLatch(1);
    CountDownLatch goesOn = new CountDownLatch(1);
    AtomicReference<Thread> starter = new AtomicReference<>();
    FleetIT.Cut cut =
        new FleetIT.Cut(fixture) {
          @Override
          public Connection getConnection() throws SQLException {
            Connection connection = super.getConnection();
            return Thread.currentThread() == starter.get()
                ? stallingBehind("FROM migrator.instance", connection, seen, goesOn)
                : connection;
          }
        };
    FleetIT.Told told = new FleetIT.Told();
    Migrator fourth =
        Fixture.builder(cut)
            .settings(AUTO)
            .application("shop", "4.1")
            .listener(told)
            .declare("bean", WHOLE)
            .build();
    fixture.closing(fourth);
    CompletableFuture<Void> start =
        CompletableFuture.runAsync(
            () -> {
              starter.set(Thread.currentThread());
              fourth.prepare();
            });
    assertThat(seen.await(3, TimeUnit.MINUTES)).isTrue();
    cut.cut = true;
    third.execute(ID, OperatorCommand.UNDO);
    awaitUndone(third, Phase.SWITCH_READ);
    cut.cut = false;
    Fixture.await(() -> told.words.contains("resumed"), () -> told.words.toString());
    goesOn.countDown();
    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(start::join)
        .withCauseInstanceOf(NotReadyException.class)
        .withMessageContaining("nothing but the new side");
    assertThat(third.status(ID).orElseThrow().phase()).isEqualTo(Phase.SWITCH_READ);
  }

  /** Back to the old side they would read what nobody has written for a while. */
  @Test
  void readsDoNotTurnBackWhileTheOldSideIsNotUpToDate() {
    Migrator third =
        fixture.started(fixture.release(AUTO, "3.0", BACKFILLED.switchRead(atRuntime())));
    Fixture.await(() -> third.readSwitch().readsNew(ID), () -> String.valueOf(third.status(ID)));
    Migrator fourth = fixture.started(fixture.release(AUTO, "4.0", WHOLE));
    third.execute(ID, OperatorCommand.UNDO);
    awaitHeld(third, Reason.WRITES_NEW_SIDE);
    Migrator another =
        fixture.started(fixture.release(AUTO, "3.1", BACKFILLED.switchRead(atRuntime())));
    assertThat(another.readSwitch().readsNew(ID)).isTrue();
    fourth.close();
    awaitUndone(third, Phase.SWITCH_READ);
    assertThat(third.readSwitch().readsNew(ID)).isTrue();
  }
}
