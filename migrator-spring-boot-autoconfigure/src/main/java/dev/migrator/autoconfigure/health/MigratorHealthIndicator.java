package dev.migrator.autoconfigure.health;

import dev.migrator.FleetListener;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.status.MigrationStatus;
import dev.migrator.status.StepStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Down when a migration has failed in a phase that this release declares, or when this instance
 * must not serve any more; out of service while it must not serve for a time; else up. A phase that
 * only a newer release declares does not count: its failure must not take the serving instances out
 * of service.
 */
class MigratorHealthIndicator extends AbstractHealthIndicator implements FleetListener {

  private final List<Migrator> migrators;

  private volatile @Nullable String paused;

  private volatile @Nullable String refused;

  MigratorHealthIndicator(Collection<Migrator> migrators) {
    super("The state of the migrations cannot be read");
    this.migrators = List.copyOf(migrators);
  }

  @Override
  public void paused(String reason) {
    paused = reason;
  }

  @Override
  public void resumed() {
    paused = null;
  }

  @Override
  public void refused(String reason) {
    refused = reason;
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) {
    String refusal = refused;
    String pause = paused;
    if (refusal != null) {
      builder.down().withDetail("refused", refusal);
    } else if (pause != null) {
      // Without a query, as the database may be what hangs.
      builder.outOfService().withDetail("paused", pause);
    } else {
      checkMigrations(builder);
    }
  }

  private void checkMigrations(Health.Builder builder) {
    Map<MigrationStatus.State, Integer> counts = new EnumMap<>(MigrationStatus.State.class);
    List<String> failed = new ArrayList<>();
    for (Migrator migrator : migrators) {
      for (MigrationStatus migration : migrator.status().migrations()) {
        counts.merge(migration.state(), 1, Integer::sum);
        if (concernsThisRelease(migration)) {
          failed.add(migration.id());
        }
      }
    }
    builder.up().withDetail("migrations", counts);
    if (!failed.isEmpty()) {
      builder.down().withDetail("failed", failed);
    }
  }

  private static boolean concernsThisRelease(MigrationStatus migration) {
    Phase declares = migration.declares();
    return migration.state() == MigrationStatus.State.FAILED
        && declares != null
        && migration.steps().stream()
            .filter(step -> step.state() == StepStatus.State.FAILED)
            .allMatch(step -> declares.includes(step.phase()));
  }
}
