package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.MigrationStatus;
import dev.migrator.status.MigrationStatus.State;
import dev.migrator.status.StepStatus;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** What the tests of all operations do with them. */
final class OperationLife {

  private OperationLife() {}

  /** Keeps what can be undone. */
  static final MigratorSettings KEEPING =
      SETTINGS.toBuilder().contract(it -> it.retention(Duration.ofHours(1))).build();

  /** Runs an operation until it is refused in the background, and says why. */
  static String refusal(Fixture fixture, Migration migration) {
    Migrator migrator = fixture.migrator(migration);
    migrator.prepare();
    migrator.start();
    Fixture.awaitState(migrator, migration.id(), State.FAILED);
    migrator.close();
    return migrator.status(migration.id()).orElseThrow().holds().get(0).message();
  }

  /** A declaration that is refused at the start, before anything is changed. */
  static void refusedAtStart(Fixture fixture, Migration migration, String... parts) {
    String before = fixture.catalog();
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> fixture.migrator(migration).prepare())
        .withMessageContaining(migration.id() + "-bean")
        .withMessageContainingAll(parts);
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  /** Takes a contract as far as the instances of other releases let it, which hold it. */
  static Migrator held(Fixture fixture, Migration other, Migration migration) {
    Migrator migrator =
        fixture.migrator(
            KEEPING.toBuilder().contract(it -> it.approved(Set.of(migration.id()))).build(),
            other,
            migration);
    migrator.prepare();
    migrator.start();
    Fixture.awaitPhase(migrator, migration.id(), Phase.SWITCH_READ);
    Fixture.await(
        () -> !migrator.status(migration.id()).orElseThrow().holds().isEmpty(),
        () -> "a hold of the contract");
    return migrator;
  }

  /** Takes an operation as far as it declares, keeping what can be undone. */
  static void run(Fixture fixture, Migration migration) {
    Migrator migrator =
        fixture.migrator(
            KEEPING.toBuilder().contract(it -> it.approved(Set.of(migration.id()))).build(),
            migration);
    migrator.prepare();
    migrator.start();
    Fixture.awaitPhase(migrator, migration.id(), migration.declares());
    migrator.close();
  }

  /**
   * Undoes all phases: the contract beside a release that declares the migration, as no other one
   * starts; the rest without one, as it may need what is undone.
   */
  static void undo(Fixture fixture, Migration migration) {
    String id = migration.id();
    if (fixture.migrator(KEEPING).status(id).orElseThrow().phase() == Phase.CONTRACT) {
      Migrator declaring = fixture.migrator(KEEPING, migration);
      declaring.start();
      // What the command UNDO of a contract will write.
      fixture.execute("UPDATE migrator.migration SET undoing = true");
      declaring.execute(id, OperatorCommand.PAUSE);
      awaitLeft(declaring, id, Phase.CONTRACT);
      declaring.close();
    }
    Migrator migrator = fixture.migrator(KEEPING);
    migrator.start();
    // An instance that was killed counts until it was watched for the time of its lease.
    Fixture.await(
        () -> migrator.status().fleet().size() == 1, () -> String.valueOf(migrator.status()));
    Phase reached = migrator.status(id).orElseThrow().phase();
    while (reached != null) {
      migrator.execute(id, OperatorCommand.UNDO);
      awaitLeft(migrator, id, reached);
      reached = migrator.status(id).orElseThrow().phase();
    }
    migrator.close();
  }

  private static void awaitLeft(Migrator migrator, String id, Phase reached) {
    Fixture.await(
        () -> {
          MigrationStatus status = migrator.status(id).orElseThrow();
          // A failure stays until somebody retries it, so nothing is to be waited for.
          assertThat(status.state()).as("%s", status.holds()).isNotEqualTo(State.FAILED);
          return status.phase() != reached;
        },
        () -> String.valueOf(migrator.status(id)));
  }

  static List<String> steps(Fixture fixture, Migration migration) {
    MigrationStatus status = fixture.migrator(migration).status(migration.id()).orElseThrow();
    assertThat(status.steps())
        .extracting(StepStatus::state)
        .isSubsetOf(StepStatus.State.DONE, StepStatus.State.PENDING);
    return status.steps().stream().map(StepStatus::name).toList();
  }
}
