package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.plan.LockMode;
import dev.migrator.plan.MigrationPlan;
import dev.migrator.plan.MigrationPlan.Outcome;
import dev.migrator.plan.PlannedLock;
import dev.migrator.plan.PlannedMigration;
import dev.migrator.plan.PlannedMigration.State;
import dev.migrator.plan.PlannedPhase;
import dev.migrator.plan.PlannedStep;
import dev.migrator.plan.Work;
import dev.migrator.status.Hold.Reason;
import org.junit.jupiter.api.Test;

/** What a plan tells before anything runs. */
class PlanIT {

  private static final String USERS =
      "CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL UNIQUE)";

  private static final Migration RENAME =
      Migration.define("m")
          .table("users")
          .addColumn("full_name", "text")
          .dualWrite("name", "full_name")
          .backfill()
          .switchRead()
          .dropColumn("name");

  private static void users(Fixture fixture) {
    fixture.execute(
        USERS,
        "INSERT INTO users SELECT n, 'user ' || n FROM generate_series(1, 10000) n",
        "ANALYZE users");
  }

  @Test
  void aRenameIsPlannedToItsEndBeforeAnythingIsThere() {
    try (Fixture fixture = Fixture.withoutJournal()) {
      users(fixture);
      String before = fixture.catalog();
      MigrationPlan plan = fixture.migrator(RENAME).plan();
      assertThat(fixture.catalog()).isEqualTo(before);
      assertThat(fixture.value("SELECT to_regnamespace('migrator')")).isEqualTo("NULL");

      PlannedMigration migration = plan.migrations().get(0);
      assertThat(migration.state()).isEqualTo(State.RUNS);
      assertThat(migration.phases())
          .extracting(PlannedPhase::phase)
          .containsExactly(Phase.values());
      assertThat(plan.steps().map(PlannedStep::name))
          .containsSubsequence(
              "add-columns",
              "keep-in-step",
              "backfill",
              "verify",
              "copy-unique-constraint-users_name_key-index",
              "copy-unique-constraint-users_name_key",
              "switch-read",
              "verify-again",
              "retire-columns",
              "drop-retired-columns")
          .contains("add-not-null");

      PlannedStep add = step(plan, "add-columns");
      assertThat(add.statements())
          .containsExactly("ALTER TABLE \"public\".\"users\" ADD COLUMN \"full_name\" text");
      assertThat(add.locks())
          .containsExactly(new PlannedLock("\"public\".\"users\"", LockMode.ACCESS_EXCLUSIVE));
      assertThat(add.work()).isEqualTo(Work.NOTHING);
      assertThat(add.undo()).hasSize(1);
      assertThat(add.undo().get(0).statements().get(0)).contains("DROP COLUMN");

      PlannedStep backfill = step(plan, "backfill");
      assertThat(backfill.work()).isEqualTo(Work.COPY);
      assertThat(backfill.perRange()).isTrue();
      assertThat(backfill.volume().rows()).isEqualTo(10_000);
      assertThat(backfill.volume().bytes()).isPositive();
      assertThat(backfill.estimate().explanation()).contains("a default");

      PlannedStep index = step(plan, "copy-unique-constraint-users_name_key-index");
      assertThat(index.work()).isEqualTo(Work.BUILD);
      assertThat(index.locks())
          .extracting(PlannedLock::mode)
          .containsExactly(LockMode.SHARE_UPDATE_EXCLUSIVE);
      assertThat(step(plan, "drop-retired-columns").afterRetention()).isTrue();

      // The contract is manual here.
      assertThat(migration.phases().get(4).holds().get(0).reason())
          .isEqualTo(Reason.CONTRACT_NOT_APPROVED);
      assertThat(plan.outcome()).isEqualTo(Outcome.HELD);
      assertThat(plan.toText())
          .contains(
              "MIG-6002", "give the command CONTRACT", "ACCESS EXCLUSIVE on \"public\".\"users\"");
      assertThat(plan.toScript()).contains("-- HELD by MIG-6002", "-- ALTER TABLE");
    }
  }

  private static PlannedStep step(MigrationPlan plan, String name) {
    return plan.steps().filter(it -> it.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void aPlanWaitsForNobodyAndBlocksNobody() throws Exception {
    try (Fixture fixture = Fixture.withoutJournal()) {
      users(fixture);
      fixture.execute("ALTER TABLE users DROP CONSTRAINT users_name_key");
      Migrator migrator = fixture.migrator(RENAME);
      MigrationPlan free = migrator.plan();
      // A writer is open: any lock stronger than a query's would wait for it.
      BlockingHolder.Held writer = BlockingHolder.INSERT.hold(fixture.database());
      assertThat(migrator.plan().fingerprint()).isEqualTo(free.fingerprint());
      writer.release();
    }
  }

  @Test
  void theFingerprintIsThatOfWhatItDependsOn() {
    try (Fixture fixture = Fixture.withoutJournal()) {
      users(fixture);
      String first = fixture.migrator(RENAME).plan().fingerprint();
      fixture.execute("INSERT INTO users VALUES (0, 'nobody')", "CREATE TABLE other (id int)");
      assertThat(fixture.migrator(RENAME).plan().fingerprint())
          .as("rows and other tables")
          .isEqualTo(first);

      fixture.execute("CREATE INDEX of_name ON users (lower(name))");
      String indexed = fixture.migrator(RENAME).plan().fingerprint();
      assertThat(indexed).as("the catalog").isNotEqualTo(first);

      Migrator old = fixture.migrator();
      old.prepare();
      String beside = fixture.migrator(RENAME).plan().fingerprint();
      assertThat(beside).as("the fleet").isNotEqualTo(indexed);
      old.close();
      assertThat(fixture.migrator(RENAME).plan().fingerprint()).as("again").isEqualTo(indexed);

      Migrator migrator = fixture.migrator(RENAME);
      migrator.prepare();
      migrator.close();
      assertThat(fixture.migrator(RENAME).plan().fingerprint())
          .as("the journal")
          .isNotEqualTo(indexed);
    }
  }

  @Test
  void onlyWhatIsLeftIsPlanned() {
    try (Fixture fixture = Fixture.withoutJournal()) {
      users(fixture);
      fixture.reach(Phase.SWITCH_READ, RENAME);
      Migrator migrator = fixture.migrator(RENAME);
      MigrationPlan plan = migrator.plan();
      PlannedMigration left = plan.migrations().get(0);
      assertThat(left.reached()).isEqualTo(Phase.SWITCH_READ);
      assertThat(left.phases()).extracting(PlannedPhase::phase).containsExactly(Phase.CONTRACT);
      assertThat(left.state()).isEqualTo(State.HELD);
      assertThat(plan.summary()).startsWith("1 migration: 1 held because m: ").contains("MIG-6002");

      fixture.reach(Phase.CONTRACT, RENAME);
      MigrationPlan done = fixture.migrator(RENAME).plan();
      assertThat(done.isEmpty()).isTrue();
      assertThat(done.outcome()).isEqualTo(Outcome.REACHED);
      assertThat(done.summary()).isEqualTo("1 migration: 1 reached");
    }
  }

  @Test
  void whatWasRetiredIsPlannedToBeDropped() {
    try (Fixture fixture = Fixture.withoutJournal()) {
      users(fixture);
      fixture.contracted(Fixture.AUTO, RENAME).close();
      MigrationPlan plan = fixture.migrator(Fixture.AUTO, RENAME).plan();
      assertThat(plan.migrations().get(0).state()).isEqualTo(State.REACHED);
      assertThat(plan.steps().map(PlannedStep::name)).containsExactly("drop-retired-columns");
      assertThat(plan.isEmpty()).isFalse();
      assertThat(plan.outcome()).isEqualTo(Outcome.REACHED);
      // A release that declares nothing any longer drops it all the same.
      assertThat(fixture.migrator(Fixture.AUTO).plan().steps()).hasSize(1);
    }
  }

  @Test
  void whatCannotBeDoneIsSaid() {
    try (Fixture fixture = Fixture.withoutJournal()) {
      users(fixture);
      MigrationPlan plan =
          fixture.migrator(Migration.define("m").table("userz").setNotNull("name")).plan();
      assertThat(plan.migrations().get(0).problem()).contains("MIG-", "userz");
      assertThat(plan.outcome()).isEqualTo(Outcome.FAILED);
      assertThat(plan.summary()).contains("1 failed because m: MIG-");
    }
  }

  @Test
  void whatComesBehindAnotherMigrationFollows() {
    try (Fixture fixture = Fixture.withoutJournal()) {
      Migration table =
          Migration.define("2026-01-01-table")
              .createTable("orders")
              .column("id", "bigint")
              .primaryKey("id")
              .column("state", "text");
      Migration index =
          Migration.define("2026-01-02-index").table("orders").addIndex("by_state").on("state");
      MigrationPlan plan = fixture.migrator(table, index).plan();
      assertThat(plan.migrations())
          .extracting(PlannedMigration::state)
          .containsExactly(State.RUNS, State.FOLLOWS);
      assertThat(plan.migrations().get(1).after()).containsExactly("2026-01-01-table");
      assertThat(plan.outcome()).isEqualTo(Outcome.REACHED);
    }
  }

  @Test
  void aPausedOneIsHeldAndStillShowsItsSteps() {
    try (Fixture fixture = Fixture.withoutJournal()) {
      users(fixture);
      fixture.reach(
          Phase.DUAL_WRITE,
          Migration.define("m")
              .table("users")
              .addColumn("full_name", "text")
              .dualWrite("name", "full_name"));
      Migrator migrator = fixture.migrator(RENAME);
      migrator.execute("m", OperatorCommand.PAUSE);
      MigrationPlan plan = migrator.plan();
      assertThat(plan.migrations().get(0).holds().get(0).reason()).isEqualTo(Reason.PAUSED);
      assertThat(plan.steps().map(PlannedStep::name)).contains("backfill");
      assertThat(plan.outcome()).isEqualTo(Outcome.HELD);
    }
  }
}
