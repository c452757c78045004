package dev.migrator.internal.engine;

import static dev.migrator.ReadTime.atRuntime;
import static dev.migrator.internal.engine.Fixture.AUTO;
import static dev.migrator.internal.engine.Fixture.awaitPhase;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.FleetListener;
import dev.migrator.MappedColumn;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.MigratorBuilder;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.CommandRefusedException;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.error.NotReadyException;
import dev.migrator.error.UnsupportedDatabaseException;
import dev.migrator.settings.ContractMode;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.Hold;
import dev.migrator.status.Hold.Reason;
import dev.migrator.status.InstanceStatus;
import dev.migrator.status.MigrationStatus.State;
import dev.migrator.status.StepStatus;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** What instances may do to each other: each line of the golden rule. */
class FleetIT {

  private static final String ID = "full-name";

  private static final Migration.Backfilled BACKFILLED =
      Migration.define(ID).table("users").renameColumn("name", "full_name");

  private static final Migration WHOLE = BACKFILLED.switchRead().dropColumn("name");

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL)",
        "INSERT INTO users SELECT n, 'user ' || n FROM generate_series(1, 500) n");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static List<Reason> reasons(Migrator migrator) {
    return migrator.status(ID).orElseThrow().holds().stream().map(Hold::reason).toList();
  }

  private static void awaitHeld(Migrator migrator, Reason... reasons) {
    Fixture.await(
        () -> reasons(migrator).equals(List.of(reasons)),
        () -> String.valueOf(migrator.status(ID)));
  }

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
  void anUndoWaitsUntilNobodyReadsTheNewSide() {
    Migrator third = fixture.started(fixture.release(AUTO, "3.0", BACKFILLED.switchRead()));
    Migrator second = fixture.started(fixture.release(AUTO, "2.0", BACKFILLED));
    second.execute(ID, OperatorCommand.UNDO);
    Fixture.await(
        () -> second.status(ID).orElseThrow().phase() == Phase.BACKFILL,
        () -> String.valueOf(second.status(ID)));
    assertThatExceptionOfType(CommandRefusedException.class)
        .isThrownBy(() -> second.execute(ID, OperatorCommand.UNDO))
        .withMessageContainingAll("shop 3.0", "roll back");

    third.close();
    second.execute(ID, OperatorCommand.UNDO);
    Fixture.await(
        () -> second.status(ID).orElseThrow().phase() == Phase.DUAL_WRITE,
        () -> String.valueOf(second.status(ID)));
  }

  /** It was away while nobody was known to read the new side. */
  @Test
  void aReaderThatWasAwayDuringAnUndoDoesNotComeBack() {
    Cut cut = new Cut(fixture);
    Told told = new Told();
    fixture.started(
        Fixture.builder(cut)
            .settings(AUTO)
            .application("shop", "3.0")
            .listener(told)
            .declare("bean", BACKFILLED.switchRead()));
    Migrator second = fixture.started(fixture.release(AUTO, "2.0", BACKFILLED));
    cut.cut = true;
    Fixture.await(() -> second.status().fleet().size() == 1, () -> "its lease to end");
    for (Phase phase : List.of(Phase.BACKFILL, Phase.DUAL_WRITE)) {
      second.execute(ID, OperatorCommand.UNDO);
      Fixture.await(
          () -> second.status(ID).orElseThrow().phase() == phase,
          () -> String.valueOf(second.status(ID)));
    }
    cut.cut = false;
    Fixture.await(() -> told.words.contains("refused"), () -> told.words.toString());
    assertThat(told.reason).contains("undone to DUAL_WRITE");
  }

  @Test
  void readsTurnAtRuntimeAndTheContractWaitsForThem() {
    Migration whole = BACKFILLED.switchRead(atRuntime()).dropColumn("name");
    Migrator one = fixture.release(AUTO, "2.0", whole).build();
    fixture.closing(one);
    one.prepare();
    one.execute(ID, OperatorCommand.PAUSE);
    one.start();
    Migrator two = fixture.started(fixture.release(AUTO, "2.0", whole));
    assertThat(one.readSwitch().readsNew(ID)).as("it serves before the verification").isFalse();

    one.execute(ID, OperatorCommand.RESUME);
    Fixture.await(
        () -> one.readSwitch().readsNew(ID) && two.readSwitch().readsNew(ID),
        () -> String.valueOf(one.status(ID)));
    awaitPhase(one, ID, Phase.CONTRACT);
    assertThat(one.readSwitch().<String>read(ID, () -> "old", () -> "new")).isEqualTo("new");
    assertThat(one.readSwitch().readsNew("users", "full_name")).isTrue();
    Migrator late = fixture.started(fixture.release(AUTO, "2.0", whole));
    assertThat(late.readSwitch().readsNew(ID)).as("from its first request on").isTrue();
  }

  @Test
  void readsTurnBackBeforeTheirSideIsTakenAway() {
    MigratorSettings slow =
        AUTO.toBuilder().fleet(it -> it.switchGrace(Duration.ofMillis(700))).build();
    Migrator migrator =
        fixture.started(
            Fixture.builder(fixture.dataSource())
                .settings(slow)
                .declare("bean", BACKFILLED.switchRead(atRuntime())));
    Fixture.await(() -> migrator.readSwitch().readsNew(ID), () -> "the turn");
    migrator.execute(ID, OperatorCommand.UNDO);
    Fixture.await(
        () -> migrator.status(ID).orElseThrow().phase() == Phase.BACKFILL,
        () -> String.valueOf(migrator.status(ID)));
    // Only when nobody can read the new side any longer, not even a request that asked before.
    Fixture.await(
        () -> {
          try {
            migrator.execute(ID, OperatorCommand.UNDO);
            return true;
          } catch (CommandRefusedException ex) {
            assertThat(ex).hasMessageContaining("the new side is read by");
            return false;
          }
        },
        () -> String.valueOf(migrator.status(ID)));
    assertThat(migrator.readSwitch().readsNew(ID)).isFalse();
    Fixture.await(
        () -> migrator.status(ID).orElseThrow().phase() == Phase.DUAL_WRITE,
        () -> String.valueOf(migrator.status(ID)));
  }

  /** Its reads turn back, and its writes may use either side at any time. */
  @Test
  void theTriggersStayWhileAReleaseThatSwitchesAtRuntimeLives() {
    Migrator serving =
        fixture.started(fixture.release(AUTO, "2.0", BACKFILLED.switchRead(atRuntime())));
    awaitPhase(serving, ID, Phase.SWITCH_READ);
    Migrator operator = fixture.started(fixture.release(AUTO, "1.0"));
    undo(operator, Phase.BACKFILL);
    undo(operator, Phase.DUAL_WRITE);
    assertThatExceptionOfType(CommandRefusedException.class)
        .isThrownBy(() -> operator.execute(ID, OperatorCommand.UNDO))
        .withMessageContainingAll("may be written by", "shop 2.0");
    fixture.execute("UPDATE users SET full_name = 'new' WHERE id = 1");
    assertThat(fixture.value("SELECT name FROM users WHERE id = 1")).isEqualTo("new");

    serving.close();
    undo(operator, Phase.EXPAND);
  }

  /** Undoes until that phase is the last one left, as soon as nobody reads what is undone. */
  private static void undo(Migrator operator, @Nullable Phase left) {
    Fixture.await(
        () -> {
          try {
            operator.execute(ID, OperatorCommand.UNDO);
            return true;
          } catch (CommandRefusedException ex) {
            assertThat(ex).hasMessageContaining("the new side is read by");
            return false;
          }
        },
        () -> String.valueOf(operator.status(ID)));
    Fixture.await(
        () -> operator.status(ID).orElseThrow().phase() == left,
        () -> String.valueOf(operator.status(ID)));
  }

  /** Else its first write to the new column would find none. */
  @Test
  void aReleaseThatSwitchesAtRuntimeDoesNotServeWithoutTheColumns() {
    Migrator first = fixture.started(fixture.release(AUTO, "1.1", BACKFILLED));
    awaitPhase(first, ID, Phase.BACKFILL);
    first.close();
    Migrator operator = fixture.started(fixture.release(AUTO, "1.0"));
    undo(operator, Phase.DUAL_WRITE);
    undo(operator, Phase.EXPAND);
    undo(operator, null);
    MigratorSettings impatient = AUTO.toBuilder().startupLimit(Duration.ofSeconds(1)).build();
    assertThatExceptionOfType(NotReadyException.class)
        .isThrownBy(
            () ->
                fixture
                    .release(impatient, "2.0", BACKFILLED.switchRead(atRuntime()))
                    .build()
                    .prepare())
        .withMessageContainingAll("MIG-3006", "an operator undid");
  }

  @Test
  void theSwitchKnowsOnlyWhatIsDeclared() {
    Migrator migrator = fixture.release(AUTO, "2.0", BACKFILLED).build();
    assertThat(migrator.readSwitch().readsNew(ID)).isFalse();
    assertThat(migrator.readSwitch().readsNew("users", "full_name")).isFalse();
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> migrator.readSwitch().readsNew("other"))
        .withMessageContaining("\"other\"");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> migrator.readSwitch().readsNew("users", "name"))
        .withMessageContaining("makes the column \"name\" of \"users\"");
  }

  @Test
  void theSwitchIsAskedByAColumn() {
    Migrator migrator =
        Fixture.builder(fixture.dataSource())
            .declare("a", Migration.define("a").table("x", "t").addColumn("c", "int"))
            .declare("b", Migration.define("b").table("y", "t").addColumn("c", "int"))
            .declare("d", Migration.define("d").table("y", "t").addColumn("d", "int"))
            .build();
    assertThat(migrator.readSwitch().readsNew("t", "d")).isTrue();
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> migrator.readSwitch().readsNew("t", "c"))
        .withMessageContaining("the ids [a, b]");
  }

  @Test
  void whatIsMappedHoldsTheContract() {
    Migrator starting = fixture.started(fixture.release(AUTO, "2.0", WHOLE).mapsLater());
    awaitHeld(starting, Reason.MAPPED);
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(
            () -> starting.mapped(List.of(new MappedColumn("users", "name", "entity User"))))
        .withMessageContainingAll("dropColumn(\"name\")", "entity User", "full-name-bean");

    List<MappedColumn> person = List.of(new MappedColumn("users", "name", "entity Person"));
    Migrator finished = fixture.started(fixture.release(AUTO, "3.0", Migration.completed(ID)));
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> finished.mapped(person))
        .withMessageContainingAll("completed", "entity Person");
    finished.close();

    Migrator old = fixture.started(fixture.release(AUTO, "1.5", BACKFILLED));
    old.mapped(person);
    starting.mapped(List.of(new MappedColumn("users", "full_name", "entity User")));
    awaitHeld(starting, Reason.OLD_INSTANCES, Reason.MAPPED);
    assertThat(starting.status(ID).orElseThrow().holds())
        .anySatisfy(it -> assertThat(it.message()).contains("entity Person", "shop 1.5"));

    old.close();
    awaitPhase(starting, ID, Phase.CONTRACT);
  }

  @Test
  void theSoakTimeBeginsWhenTheLastOneHasGone() {
    MigratorSettings soaking =
        AUTO.toBuilder().contract(it -> it.soak(Duration.ofHours(1))).build();
    Migrator old = fixture.started(fixture.release(AUTO, "1.0"));
    Migrator whole =
        fixture.started(
            Fixture.builder(fixture.dataSource())
                .settings(soaking)
                .application("shop", "2.0")
                .declare("bean", WHOLE));
    awaitHeld(whole, Reason.OLD_INSTANCES);
    old.close();
    awaitHeld(whole, Reason.SOAK);
    // It sleeps until the end of the hour, and looks again when it gets a command.
    fixture.execute("UPDATE migrator.instance SET left_at = left_at - interval '1 hour'");
    whole.execute(ID, OperatorCommand.PAUSE);
    whole.execute(ID, OperatorCommand.RESUME);
    awaitPhase(whole, ID, Phase.CONTRACT);
  }

  @Test
  void theCommandDoesNotOverruleTheFleet() {
    MigratorSettings manual = AUTO.toBuilder().contract(it -> it.mode(ContractMode.MANUAL)).build();
    Migrator old = fixture.started(fixture.release(AUTO, "1.0"));
    Migrator whole =
        fixture.started(
            Fixture.builder(fixture.dataSource()).settings(manual).declare("bean", WHOLE));
    awaitHeld(whole, Reason.CONTRACT_NOT_APPROVED, Reason.OLD_INSTANCES);
    whole.execute(ID, OperatorCommand.CONTRACT);
    awaitHeld(whole, Reason.OLD_INSTANCES);
    old.close();
    awaitPhase(whole, ID, Phase.CONTRACT);
  }

  /** They hold nothing, but a person should know of them. */
  @Test
  void usersThatNobodyHasRegisteredAreWarnedOf() throws Exception {
    fixture.execute(
        """
        CREATE VIEW public.pg_stat_statements AS
        SELECT (SELECT oid FROM pg_database WHERE datname = current_database()) AS dbid, 7 AS calls, query
          FROM unnest(ARRAY['SELECT name FROM users WHERE id = $1', 'SELECT full_name FROM users',
                            'SELECT name FROM products', 'CREATE ROLE name_users PASSWORD ''x'' -- name users']) AS query""");
    MigratorSettings manual = AUTO.toBuilder().contract(it -> it.mode(ContractMode.MANUAL)).build();
    Migrator whole =
        fixture.started(
            Fixture.builder(fixture.dataSource()).settings(manual).declare("bean", WHOLE));
    awaitHeld(whole, Reason.CONTRACT_NOT_APPROVED);
    assertThat(whole.status(ID).orElseThrow().warnings())
        .containsExactly(
            "called 7 times since the statistics were reset: SELECT name FROM users WHERE id = $1");

    try (Connection report = fixture.database().dataSource().getConnection()) {
      report.createStatement().execute("SET application_name = 'nightly report'");
      assertThat(whole.status(ID).orElseThrow().warnings().get(0))
          .contains("1 session(s)", "application \"nightly report\"", "no registered instance");
    }
    fixture.execute("DROP VIEW public.pg_stat_statements");
    fixture.execute("CREATE VIEW public.pg_stat_statements AS SELECT 1 / 0 AS dbid");
    assertThat(whole.status(ID).orElseThrow().warnings()).as("not readable").isEmpty();
  }

  @Test
  void anUndoOfWhichNothingHasBegunIsWithdrawn() {
    Migrator first = fixture.started(fixture.release(AUTO, "1.0", BACKFILLED));
    awaitPhase(first, ID, Phase.BACKFILL);
    first.close();
    String before = fixture.catalog();
    Migrator idle = fixture.release(AUTO, "1.0", BACKFILLED).build();
    idle.execute(ID, OperatorCommand.UNDO);
    idle.execute(ID, OperatorCommand.RESUME);
    Migrator second = fixture.started(fixture.release(AUTO, "1.1", BACKFILLED));
    assertThat(second.status(ID).orElseThrow().state()).isEqualTo(State.REACHED);
    assertThat(second.status(ID).orElseThrow().phase()).isEqualTo(Phase.BACKFILL);
    assertThat(fixture.catalog()).isEqualTo(before);
    idle.close();
  }

  /** The leader died between two steps of the undo. */
  @Test
  void whatIsUndoneAlreadyIsDoneAgainWhenTheUndoIsWithdrawn() {
    fixture.execute("CREATE INDEX by_name ON users (name, id)");
    Migrator first = fixture.started(fixture.release(AUTO, "1.0", BACKFILLED));
    awaitPhase(first, ID, Phase.BACKFILL);
    first.close();
    String before = fixture.catalog();
    String index =
        fixture.value(
            "SELECT indexrelid::regclass FROM pg_index WHERE indrelid = 'users'::regclass AND indexrelid::regclass::text LIKE '%migrator%'");
    fixture.execute(
        "UPDATE migrator.migration SET undoing = true",
        "UPDATE migrator.step SET state = 'UNDONE' WHERE phase = 'BACKFILL' AND name NOT LIKE 'backfill%'",
        "DROP INDEX " + index);
    Migrator idle = fixture.release(AUTO, "1.0", BACKFILLED).build();
    idle.execute(ID, OperatorCommand.RESUME);
    assertThat(idle.status(ID).orElseThrow().phase()).isEqualTo(Phase.DUAL_WRITE);
    idle.close();
    Migrator second = fixture.started(fixture.release(AUTO, "1.1", BACKFILLED));
    awaitPhase(second, ID, Phase.BACKFILL);
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  @Test
  void offIsOff() {
    MigratorSettings off = AUTO.toBuilder().contract(it -> it.mode(ContractMode.OFF)).build();
    Migrator whole =
        fixture.started(Fixture.builder(fixture.dataSource()).settings(off).declare("bean", WHOLE));
    awaitHeld(whole, Reason.CONTRACT_OFF);
    whole.execute(ID, OperatorCommand.CONTRACT);
    awaitHeld(whole, Reason.CONTRACT_OFF);
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
        .isEqualTo("{\"layout\": 6}");
    fixture.execute("COMMENT ON TABLE migrator.migration IS '{\"layout\": 8}'");
    assertThatExceptionOfType(UnsupportedDatabaseException.class)
        .isThrownBy(() -> fixture.release(AUTO, "1.0", BACKFILLED).build().prepare())
        .withMessageContaining("has layout 8, this version of the library uses 6");
  }

  @Test
  void aJournalOfWhichTablesAreMissingIsRefused() {
    fixture.started(fixture.release(AUTO, "1.0")).close();
    fixture.execute("ALTER TABLE migrator.migration RENAME TO hidden");
    assertThatExceptionOfType(UnsupportedDatabaseException.class)
        .isThrownBy(() -> fixture.release(AUTO, "1.0", WHOLE).build().prepare())
        .withMessageContaining("has only a part of the journal");
  }

  /** A pool whose connections cannot be had for a while. */
  static class Cut extends DelegatingDataSource {

    volatile boolean cut;

    Cut(Fixture fixture) {
      super(fixture.pool(2));
    }

    @Override
    public Connection getConnection() throws SQLException {
      if (cut) {
        throw new SQLTransientConnectionException("cut");
      }
      return super.getConnection();
    }
  }

  static final class Told implements FleetListener {

    final List<String> words = Collections.synchronizedList(new ArrayList<>());

    volatile String reason = "";

    @Override
    public void paused(String why) {
      words.add("paused");
    }

    @Override
    public void resumed() {
      words.add("resumed");
    }

    @Override
    public void refused(String why) {
      reason = why;
      words.add("refused");
    }
  }
}
