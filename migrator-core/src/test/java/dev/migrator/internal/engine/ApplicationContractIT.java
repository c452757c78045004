package dev.migrator.internal.engine;

import static dev.migrator.DualWrite.byApplication;
import static dev.migrator.ReadTime.atRuntime;
import static dev.migrator.internal.engine.Fixture.AUTO;
import static dev.migrator.internal.engine.Fixture.awaitPhase;
import static dev.migrator.internal.engine.Fixture.awaitState;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.MigratorBuilder;
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
import dev.migrator.status.MigrationStatus.State;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The application writes both sides itself: how the old side goes, and how it comes back. */
class ApplicationContractIT {

  private static final String ID = "full-name";

  private static final Migration.Backfilled BACKFILLED =
      Migration.define(ID)
          .table("users")
          .addColumn("full_name", "text")
          .dualWrite("name", "full_name", byApplication())
          .backfill();

  private static final Migration SWITCHED = BACKFILLED.switchRead();

  private static final Migration WHOLE = BACKFILLED.switchRead().dropColumn("name");

  private static final MigratorSettings IMPATIENT =
      AUTO.toBuilder().startupLimit(Duration.ofSeconds(2)).build();

  /** Enough for all that it can do before it has to wait. */
  private static final MigratorSettings PATIENT =
      AUTO.toBuilder().startupLimit(Duration.ofSeconds(8)).build();

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE parent (code text PRIMARY KEY)",
        "CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL DEFAULT 'nobody', hits int NOT NULL DEFAULT 0)",
        "CREATE INDEX users_by_name ON users (name)",
        "INSERT INTO users SELECT n, 'user ' || n FROM generate_series(0, 500) n");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Hold awaitHeld(Migrator migrator, Reason reason) {
    Fixture.await(
        () ->
            migrator.status(ID).orElseThrow().holds().stream()
                .map(Hold::reason)
                .toList()
                .equals(List.of(reason)),
        () -> String.valueOf(migrator.status(ID)));
    return migrator.status(ID).orElseThrow().holds().get(0);
  }

  private void awaitOldSide(String state) {
    Fixture.await(() -> oldSide().equals(state), () -> state + ", but it is " + oldSide());
  }

  private String oldSide() {
    return fixture.value("SELECT old_side FROM migrator.migration");
  }

  private String differing() {
    return fixture.value("SELECT count(*) FROM users WHERE name IS DISTINCT FROM full_name");
  }

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

  private void undoAll() {
    Migrator second = fixture.release(AUTO, "2.0", BACKFILLED).build();
    fixture.closing(second);
    second.prepare();
    second.start();
    for (Phase phase : List.of(Phase.BACKFILL, Phase.DUAL_WRITE, Phase.EXPAND)) {
      second.execute(ID, OperatorCommand.UNDO);
      awaitUndone(second, phase);
    }
    second.close();
    Migrator first = fixture.started(fixture.release(AUTO, "1.0"));
    first.execute(ID, OperatorCommand.UNDO);
    Fixture.await(
        () -> first.status(ID).orElseThrow().phase() == null,
        () -> String.valueOf(first.status(ID)));
    first.close();
  }

  private static void awaitUndone(Migrator migrator, Phase phase) {
    Fixture.await(
        () -> {
          var status = migrator.status(ID).orElseThrow();
          assertThat(status.state()).as("%s", status).isNotEqualTo(State.FAILED);
          return status.phase() == phase
              && status.holds().stream().anyMatch(it -> it.reason() == Reason.UNDONE);
        },
        () -> String.valueOf(migrator.status(ID)));
  }

  /** The order of columns may differ, what they are may not. */
  private static String sorted(String catalog) {
    return java.util.Arrays.stream(catalog.split("\n"))
        .sorted()
        .collect(java.util.stream.Collectors.joining("\n"));
  }

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

  private static boolean isAccepted(Migrator migrator, OperatorCommand command) {
    try {
      migrator.execute(ID, command);
      return true;
    } catch (dev.migrator.error.CommandRefusedException ex) {
      return false;
    }
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
    seen.await();
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

  /** Stands still when it has read by a certain statement. */
  private static Connection stallingBehind(
      String sql, Connection connection, CountDownLatch seen, CountDownLatch goesOn) {
    AtomicBoolean read = new AtomicBoolean();
    return (Connection)
        Proxy.newProxyInstance(
            ApplicationContractIT.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("prepareStatement")
                  && ((String) arguments[0]).contains(sql)) {
                read.set(true);
              }
              Object result = method.invoke(connection, arguments);
              if (method.getName().equals("close") && read.get()) {
                seen.countDown();
                goesOn.await();
              }
              return result;
            });
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
