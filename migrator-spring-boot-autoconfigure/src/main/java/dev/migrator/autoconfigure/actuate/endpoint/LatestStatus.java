package dev.migrator.autoconfigure.actuate.endpoint;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.migrator.Migrator;
import dev.migrator.status.MigratorStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a migrator reports, or what it reported last where the database does not answer in time: a
 * pool can make a caller wait for half a minute, just when somebody wants to know what happens. At
 * most a few threads wait for the database, however many ask.
 */
final class LatestStatus {

  private static final Logger logger = LoggerFactory.getLogger(LatestStatus.class);

  private static final Duration LIMIT = Duration.ofMillis(1500);

  private final Migrator migrator;

  /** A few may ask for details at once. */
  private final Semaphore detailing = new Semaphore(4);

  private @Nullable FutureTask<MigratorStatus> reading;

  private volatile @Nullable Known last;

  LatestStatus(Migrator migrator) {
    this.migrator = migrator;
  }

  /** Begins to read, so that several migrators are asked at once. */
  Answer ask() {
    return new Answer(reading(), System.nanoTime() + LIMIT.toNanos());
  }

  /** What comes of a question within the limit. */
  final class Answer {

    private final FutureTask<MigratorStatus> task;

    private final long deadline;

    private Answer(FutureTask<MigratorStatus> task, long deadline) {
      this.task = task;
      this.deadline = deadline;
    }

    Known get() {
      try {
        Known known = new Known(task.get(left(), NANOSECONDS), Instant.now(), null);
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

    /**
     * One migration with all its details; of a database that is away, what was known of it last.
     */
    Optional<MigrationDescriptor> migration(String id) {
      Known known = get();
      Optional<MigrationDescriptor> brief =
          Optional.ofNullable(known.status()).stream()
              .flatMap(it -> it.migrations().stream())
              .filter(it -> it.id().equals(id))
              .findFirst()
              .map(MigrationDescriptor::detailed);
      return (known.error() == null) ? detailed(id, brief) : brief;
    }

    private Optional<MigrationDescriptor> detailed(String id, Optional<MigrationDescriptor> brief) {
      try {
        if (!detailing.tryAcquire(left(), NANOSECONDS)) {
          return brief;
        }
        FutureTask<Optional<MigrationDescriptor>> details = new FutureTask<>(() -> details(id));
        start(details);
        return details.get(left(), NANOSECONDS);
      } catch (ExecutionException | TimeoutException ex) {
        return brief; // The database went away in between.
      } catch (InterruptedException ex) {
        Thread.currentThread().interrupt();
        return brief;
      }
    }

    private long left() {
      return Math.max(0, deadline - System.nanoTime());
    }
  }

  private Optional<MigrationDescriptor> details(String id) {
    try {
      return migrator.status(id).map(it -> MigrationDescriptor.detailed(it, plan(id)));
    } finally {
      detailing.release();
    }
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
    start(task);
    return task;
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "migrator-status");
    thread.setDaemon(true);
    thread.start();
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
