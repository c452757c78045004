package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.MigratorBuilder;
import dev.migrator.Phase;
import dev.migrator.ReadTime;
import dev.migrator.error.ErrorCode;
import dev.migrator.error.NotReadyException;
import dev.migrator.plan.MigrationPlan;
import dev.migrator.plan.MigrationPlan.Outcome;
import dev.migrator.plan.PlannedMigration.State;
import dev.migrator.settings.ContractMode;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.Hold.Reason;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A job that runs what the gates allow, and a plan that is approved before it runs. */
class MigrateIT {

  private static final MigratorSettings AT_ONCE =
      Fixture.SETTINGS.toBuilder()
          .contract(it -> it.mode(ContractMode.AUTO).retention(Duration.ZERO))
          .fleet(it -> it.ignoreApplications(List.of("*")))
          .build();

  private static final Migration.Backfilled BACKFILLED =
      Migration.define("m").table("t").renameColumn("a", "b");

  private final Fixture fixture = Fixture.withoutJournal();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text)",
        "INSERT INTO t SELECT n, 'value ' || n FROM generate_series(1, 2000) n");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Migration whole() {
    return BACKFILLED.switchRead().dropColumn("a");
  }

  private Migrator approving(String fingerprint, Migration... migrations) {
    MigratorBuilder builder = fixture.release(AT_ONCE, "2", migrations).approvedPlan(fingerprint);
    Migrator migrator = builder.build();
    fixture.closing(migrator);
    return migrator;
  }

  @Test
  void everythingRunsThatTheGatesAllow() {
    MigrationPlan left = fixture.migrator(AT_ONCE, whole()).migrate();
    assertThat(left.isEmpty()).as(left.toText()).isTrue();
    assertThat(left.outcome()).isEqualTo(Outcome.REACHED);
    assertThat(fixture.value("SELECT count(b) FROM t")).isEqualTo("2000");
    assertThat(fixture.value("SELECT count(*) FROM migrator.instance WHERE left_at IS NULL"))
        .as("registered behind the job")
        .isEqualTo("0");
    assertThat(fixture.migrator(AT_ONCE, whole()).migrate().isEmpty()).isTrue();
  }

  /** Nothing of the application runs in a job, so nothing of it has to turn. */
  @Test
  void readsThatTurnAtRuntimeHoldNoJob() {
    Migration change = BACKFILLED.switchRead(ReadTime.AT_RUNTIME).dropColumn("a");
    MigrationPlan left = fixture.migrator(AT_ONCE, change).migrate();
    assertThat(left.isEmpty()).as(left.toText()).isTrue();
  }

  @Test
  void whatIsHeldIsLeft() {
    Migrator old = fixture.migrator();
    old.prepare();
    MigrationPlan left = fixture.migrator(AT_ONCE, whole()).migrate();
    assertThat(left.outcome()).isEqualTo(Outcome.HELD);
    assertThat(left.migrations().get(0).reached()).isEqualTo(Phase.SWITCH_READ);
    assertThat(left.migrations().get(0).holds().get(0).reason()).isEqualTo(Reason.OLD_INSTANCES);
  }

  @Test
  void whatFailsIsSaidAndTheRestRuns() {
    fixture.execute("INSERT INTO t VALUES (0, NULL)", "CREATE TABLE other (id int)");
    MigrationPlan left =
        fixture
            .migrator(
                AT_ONCE,
                Migration.define("m").table("t").setNotNull("a"),
                Migration.define("o").table("other").addCheck("c", "id > 0"))
            .migrate();
    assertThat(left.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(left.migrations())
        .extracting(it -> it.state())
        .containsExactly(State.FAILED, State.REACHED);
    fixture.execute("DELETE FROM t WHERE a IS NULL");
    assertThat(
            fixture
                .migrator(AT_ONCE, Migration.define("m").table("t").setNotNull("a"))
                .migrate()
                .outcome())
        .as("tried again")
        .isEqualTo(Outcome.REACHED);
  }

  @Test
  void theApprovedPlanRuns() {
    String fingerprint = fixture.release(AT_ONCE, "2", whole()).build().plan().fingerprint();
    assertThat(approving(fingerprint, whole()).migrate().isEmpty()).isTrue();
    approving(fingerprint, whole()).prepare(); // nothing is left that would have to be approved
  }

  @Test
  void anotherPlanIsRefusedBeforeAnythingIsChanged() {
    String fingerprint = fixture.release(AT_ONCE, "2", whole()).build().plan().fingerprint();
    fixture.execute("CREATE INDEX of_a ON t (a)");
    String before = fixture.catalog();
    for (Runnable begin :
        new Runnable[] {
          approving(fingerprint, whole())::prepare, approving(fingerprint, whole())::migrate
        }) {
      assertThatExceptionOfType(NotReadyException.class)
          .isThrownBy(begin::run)
          .satisfies(it -> assertThat(it.errorCode()).isEqualTo(ErrorCode.PLAN_CHANGED))
          .withMessageContaining(fingerprint);
    }
    assertThat(fixture.catalog()).isEqualTo(before);
    assertThat(fixture.value("SELECT count(*) FROM migrator.migration")).isEqualTo("0");
    assertThat(fixture.value("SELECT count(*) FROM migrator.instance")).isEqualTo("0");
  }

  /** A release starts on several instances, and again, while its plan is half done. */
  @Test
  void whatWasApprovedGoesOnWhenItIsHalfDone() {
    Migrator old = fixture.migrator();
    old.prepare();
    String fingerprint = fixture.release(AT_ONCE, "2", whole()).build().plan().fingerprint();
    assertThat(approving(fingerprint, whole()).migrate().outcome()).isEqualTo(Outcome.HELD);
    Migrator second = approving(fingerprint, whole());
    second.prepare();
    second.close();
    // What is declared beyond it was not approved.
    assertThatExceptionOfType(NotReadyException.class)
        .isThrownBy(
            approving(
                    fingerprint, whole(), Migration.define("o").table("t").addColumn("more", "int"))
                ::prepare)
        .withMessageContaining("MIG-3013");
  }
}
