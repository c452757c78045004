package dev.migrator.autoconfigure.actuate.endpoint;

import dev.migrator.Migrator;
import dev.migrator.status.MigratorStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a migrator reports, or what it reported last where the database does not answer in time: a
 * pool can make a caller wait for half a minute, just when somebody wants to know what happens. At
 * most one thread waits for the database, however many ask.
 */
final class LatestStatus {

  private static final Logger logger = LoggerFactory.getLogger(LatestStatus.class);

  private static final Duration LIMIT = Duration.ofMillis(1500);

  private final Migrator migrator;

  private @Nullable FutureTask<MigratorStatus> reading;

  private volatile @Nullable Known last;

  LatestStatus(Migrator migrator) {
    this.migrator = migrator;
  }

  /** Never waits for longer than the limit. */
  Known get() {
    FutureTask<MigratorStatus> task = reading();
    try {
      Known known =
          new Known(task.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS), Instant.now(), null);
      last = known;
      return known;
    } catch (ExecutionException ex) {
      // Its message may have the address of the database, which is not for everybody.
      return stale("the database cannot be read: " + innermost(ex).getClass().getSimpleName());
    } catch (TimeoutException ex) {
      return stale("the database has not answered within " + LIMIT.toMillis() + " ms");
    } catch (InterruptedException ex) {
      Thread.currentThread().interrupt();
      return stale("interrupted");
    }
  }

  /** One migration with all its details; of a database that is away, what was known of it last. */
  Optional<MigrationDescriptor> migration(String id) {
    Known known = get();
    return (known.error() == null)
        ? migrator.status(id).map(it -> MigrationDescriptor.detailed(it, plan(id)))
        : Optional.ofNullable(known.status()).stream()
            .flatMap(it -> it.migrations().stream())
            .filter(it -> it.id().equals(id))
            .findFirst()
            .map(MigrationDescriptor::detailed);
  }

  /** What is left of it; {@code null} where that cannot be said now. */
  private @Nullable List<PlannedPhaseDescriptor> plan(String id) {
    try {
      return migrator
          .plan(id)
          .map(it -> it.phases().stream().map(PlannedPhaseDescriptor::of).toList())
          .orElse(null);
    } catch (RuntimeException ex) {
      logger.debug("{} cannot be planned now", id, ex);
      return null;
    }
  }

  private synchronized FutureTask<MigratorStatus> reading() {
    FutureTask<MigratorStatus> running = reading;
    if (running != null && !running.isDone()) {
      return running;
    }
    FutureTask<MigratorStatus> task = new FutureTask<>(migrator::status);
    reading = task;
    Thread thread = new Thread(task, "migrator-status");
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  private Known stale(String error) {
    Known known = last;
    return (known == null)
        ? new Known(null, null, error)
        : new Known(known.status(), known.asOf(), error);
  }

  private static Throwable innermost(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /**
   * What is known.
   *
   * @param status the state; {@code null} if it was never read
   * @param asOf when it was read
   * @param error why it could not be read now; {@code null} if it could
   */
  record Known(@Nullable MigratorStatus status, @Nullable Instant asOf, @Nullable String error) {}
}
