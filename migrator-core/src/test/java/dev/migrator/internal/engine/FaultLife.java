package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.CommandRefusedException;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.Hold;
import dev.migrator.status.MigrationStatus;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What one instance does until it is killed, or until the goal is reached. */
enum FaultLife {
  TO_BACKFILL(Phase.BACKFILL),
  TO_SWITCH_READ(Phase.SWITCH_READ),
  TO_CONTRACT(Phase.CONTRACT),

  /** By a release that still reads the old side, all the way back. */
  UNDO(Phase.BACKFILL),

  /** The contract, and back from it. */
  CONTRACT_AND_BACK(Phase.CONTRACT),

  /** The contract, with what it retired kept. */
  TO_KEPT_CONTRACT(Phase.CONTRACT),

  /**
   * Back from a contract where the application writes both sides: a release that writes one has to
   * go in between.
   */
  GIVE_BACK(Phase.SWITCH_READ);

  private static final int ASKED_AGAIN = 10;

  private final Phase declares;

  FaultLife(Phase declares) {
    this.declares = declares;
  }

  /** Goes on from wherever the database is, with leases that outlast a starved machine. */
  void run(DataSource dataSource, FaultChange change, String instance) {
    run(dataSource, change, instance, Duration.ofSeconds(10));
  }

  /** The same for an instance that dies, or freezes, and whose leases others wait for. */
  void runShort(DataSource dataSource, FaultChange change, String instance) {
    run(dataSource, change, instance, Duration.ofSeconds(2));
  }

  private void run(DataSource dataSource, FaultChange change, String instance, Duration lease) {
    MigratorSettings settings =
        MigratorSettings.builder()
            .leaseTime(lease)
            .fleet(it -> it.leaseTime(lease))
            .lock(it -> it.retryLimit(Duration.ofSeconds(30)))
            .startupLimit(Duration.ofSeconds(60))
            .contract(it -> it.retention(this == TO_CONTRACT ? Duration.ZERO : Duration.ofHours(1)))
            // Short ranges, so that there is a point between two of them.

            .backfill(it -> it.rangeTarget(Duration.ofMillis(1)))
            .contract(it -> it.approved(Set.of(change.id())))
            .build();
    if (this == GIVE_BACK) {
      askForTheOldSide(
          dataSource,
          migrator(dataSource, change, Phase.CONTRACT, settings, instance),
          change.id());
    }
    Migrator migrator = migrator(dataSource, change, declares, settings, instance);
    try {
      migrator.prepare();
      if (this == GIVE_BACK) {
        migrator.start();
        await(
            dataSource,
            change.id(),
            () -> isUndone(migrator, change.id()),
            () -> "the old side, but it is " + migrator.status(change.id()));
        return;
      }
      if (this == CONTRACT_AND_BACK) {
        regret(dataSource, migrator, change.id());
        return;
      }
      migrator.start();
      if (this == UNDO) {
        undoTo(dataSource, migrator, change.id());
      } else {
        await(
            dataSource,
            change.id(),
            () -> isReached(migrator.status(change.id()).orElseThrow()),
            () -> String.valueOf(migrator.status(change.id())));
      }
    } finally {
      migrator.close();
    }
  }

  private static Migrator migrator(
      DataSource dataSource,
      FaultChange change,
      Phase declares,
      MigratorSettings settings,
      String instance) {
    return Fixture.builder(dataSource)
        .declare("bean", change.upTo(declares))
        .settings(settings)
        .instance(instance)
        .build();
  }

  private boolean isReached(MigrationStatus status) {
    assertThat(status.state()).as("%s", status).isNotEqualTo(MigrationStatus.State.FAILED);
    return this == TO_CONTRACT
        ? status.state() == MigrationStatus.State.COMPLETED
        : status.phase() != null && status.phase().includes(declares);
  }

  /**
   * Asks for the status when the record of the change is another one than at the look before, and
   * now and then: it takes ten times as long as this look, and many lives wait at once.
   */
  private static void await(
      DataSource dataSource, String id, BooleanSupplier condition, Supplier<String> what) {
    JdbcClient jdbc = JdbcClient.create(dataSource);
    AtomicReference<String> seen = new AtomicReference<>("");
    AtomicInteger looks = new AtomicInteger();
    Fixture.await(
        () -> {
          String record =
              jdbc.sql("SELECT xmin || ' ' || ctid FROM migrator.migration WHERE id = ?")
                  .param(id)
                  .query(String.class)
                  .optional()
                  .orElse("none");
          boolean another = !record.equals(seen.getAndSet(record));
          return (another || looks.incrementAndGet() % ASKED_AGAIN == 0)
              && condition.getAsBoolean();
        },
        what);
  }

  private static void askForTheOldSide(DataSource dataSource, Migrator whole, String id) {
    try {
      if (whole.status(id).orElseThrow().phase() != Phase.CONTRACT) {
        return;
      }
      whole.prepare();
      sayUndoOf(Phase.CONTRACT, whole, id);
      whole.start();
      await(
          dataSource,
          id,
          () -> whole.status(id).orElseThrow().phase() == Phase.SWITCH_READ,
          () -> "the columns, but it is " + whole.status(id));
    } finally {
      whole.close();
    }
  }

  /** The command is given once: a second one would undo the phase before. */
  private static void regret(DataSource dataSource, Migrator migrator, String id) {
    boolean said = sayUndoOf(Phase.CONTRACT, migrator, id);
    migrator.start();
    await(
        dataSource,
        id,
        () -> isUndone(migrator, id) || migrator.status(id).orElseThrow().phase() == Phase.CONTRACT,
        () -> "the contract, but it is " + migrator.status(id));
    if (!said && !isUndone(migrator, id)) {
      sayUndoOf(Phase.CONTRACT, migrator, id);
    }
    await(
        dataSource,
        id,
        () -> isUndone(migrator, id),
        () -> "taking the contract back, but it is " + migrator.status(id));
  }

  private static boolean sayUndoOf(Phase phase, Migrator migrator, String id) {
    if (migrator.status(id).orElseThrow().phase() != phase) {
      return false;
    }
    try {
      migrator.execute(id, OperatorCommand.UNDO);
    } catch (CommandRefusedException ex) {
      // The instance before this one was killed right after the same word.
    }
    return true;
  }

  private static boolean isUndone(Migrator migrator, String id) {
    return migrator.status(id).orElseThrow().holds().stream()
        .anyMatch(it -> it.reason() == Hold.Reason.UNDONE);
  }

  private static void undoTo(DataSource dataSource, Migrator migrator, String id) {
    while (true) {
      Phase phase = migrator.status(id).orElseThrow().phase();
      if (phase == null) {
        return;
      }
      try {
        migrator.execute(id, OperatorCommand.UNDO);
      } catch (CommandRefusedException ex) {
        // The instance before this one was killed right after the same word.
      }
      await(
          dataSource,
          id,
          () -> migrator.status(id).orElseThrow().phase() != phase,
          () -> "taking back " + phase + ", but it is " + migrator.status(id));
    }
  }
}
