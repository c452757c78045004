package dev.migrator.autoconfigure.metrics;

import dev.migrator.Migrator;
import dev.migrator.status.InstanceStatus;
import dev.migrator.status.MigrationStatus;
import dev.migrator.status.MigratorStatus;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The last known state, read again when it is older than a few seconds: a scrape reads many gauges,
 * and must not cost as many queries.
 */
class StatusCache {

  private static final long MAX_AGE = Duration.ofSeconds(5).toNanos();

  private final List<Migrator> migrators;

  private final ReentrantLock reading = new ReentrantLock();

  private volatile List<MigratorStatus> latest = List.of();

  private boolean read;

  private long readAt;

  StatusCache(Collection<Migrator> migrators) {
    this.migrators = List.copyOf(migrators);
  }

  List<MigrationStatus> migrations() {
    return latest().stream().flatMap(it -> it.migrations().stream()).toList();
  }

  /** Empty if it is not known. */
  OptionalLong liveInstances() {
    List<MigratorStatus> known = latest();
    return known.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(
            known.stream()
                .flatMap(it -> it.fleet().stream())
                .map(InstanceStatus::name)
                .distinct()
                .count());
  }

  private List<MigratorStatus> latest() {
    // A scrape that comes while another one reads takes the last value: none waits for the
    // database.
    if (reading.tryLock()) {
      try {
        if (!read || System.nanoTime() - readAt > MAX_AGE) {
          latest = current();
          read = true;
          readAt = System.nanoTime();
        }
      } finally {
        reading.unlock();
      }
    }
    return latest;
  }

  Optional<MigrationStatus> migration(String id) {
    return migrations().stream().filter(migration -> migration.id().equals(id)).findFirst();
  }

  private List<MigratorStatus> current() {
    try {
      return migrators.stream().map(Migrator::status).toList();
    } catch (RuntimeException ex) {
      // Unknown; the gauges show that, and the health shows the cause.
      return List.of();
    }
  }
}
