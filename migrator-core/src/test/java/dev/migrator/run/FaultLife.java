package dev.migrator.run;

import dev.migrator.Migrator;
import dev.migrator.MigratorSettings;
import dev.migrator.Phase;
import dev.migrator.Word;
import dev.migrator.WordRefusedException;
import java.time.Duration;
import java.util.Set;
import javax.sql.DataSource;

/** What one instance does until it is killed, or until the goal is reached. */
enum FaultLife {
  TO_BACKFILL(Phase.BACKFILL),
  TO_SWITCH_READ(Phase.SWITCH_READ),
  TO_CONTRACT(Phase.CONTRACT),

  /** By a release that still reads the old side, all the way back. */
  UNDO(Phase.BACKFILL);

  private final Phase declares;

  FaultLife(Phase declares) {
    this.declares = declares;
  }

  /** Goes on from wherever the database is. */
  void run(DataSource dataSource, FaultChange change, String instance) {
    MigratorSettings settings =
        MigratorSettings.defaults()
            .withLeaseTime(Duration.ofSeconds(1))
            .withLockRetryLimit(Duration.ofSeconds(30))
            .withStartupLimit(Duration.ofSeconds(60))
            .withRetention(Duration.ZERO)
            // Short ranges, so that there is a point between two of them.
            .withRangeTarget(Duration.ofMillis(1))
            .withApprovedContracts(Set.of(change.id()));
    Migrator migrator =
        Migrators.on(dataSource)
            .declare("bean", change.upTo(declares))
            .settings(settings)
            .instance(instance)
            .build();
    try {
      migrator.prepare();
      migrator.start();
      if (this == UNDO) {
        takeBack(migrator, change.id());
      } else {
        Fixture.awaitPhase(migrator, change.id(), declares);
      }
      if (this == TO_CONTRACT) {
        Fixture.awaitState(migrator, change.id(), dev.migrator.MigrationStatus.State.COMPLETED);
      }
    } finally {
      migrator.stop();
    }
  }

  private static void takeBack(Migrator migrator, String id) {
    while (true) {
      Phase phase = migrator.status(id).orElseThrow().phase();
      if (phase == null) {
        return;
      }
      try {
        migrator.say(id, Word.UNDO);
      } catch (WordRefusedException ex) {
        // The instance before this one was killed right after the same word.
      }
      Fixture.await(
          () -> migrator.status(id).orElseThrow().phase() != phase,
          () -> "taking back " + phase + ", but it is " + migrator.status(id));
    }
  }
}
