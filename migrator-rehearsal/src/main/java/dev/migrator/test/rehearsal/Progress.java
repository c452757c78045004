package dev.migrator.test.rehearsal;

import dev.migrator.MigratorBuilder;
import dev.migrator.status.BackfillStatus;
import dev.migrator.status.MigrationStatus;
import dev.migrator.status.StepStatus;
import dev.migrator.test.TestDatabase;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A line each second while a phase runs that takes longer. */
final class Progress implements AutoCloseable {

  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "migrator-rehearsal-progress");
            thread.setDaemon(true);
            return thread;
          });

  private final Consumer<String> to;

  private final TestDatabase database;

  private final String id;

  private final Function<DataSource, MigratorBuilder> builder;

  private @Nullable Future<?> ticking;

  private @Nullable Looking looking;

  Progress(
      Consumer<String> to,
      TestDatabase database,
      String id,
      Function<DataSource, MigratorBuilder> builder) {
    this.to = to;
    this.database = database;
    this.id = id;
    this.builder = builder;
  }

  void begin() {
    ticking = clock.scheduleWithFixedDelay(this::tell, 1, 1, TimeUnit.SECONDS);
  }

  void end() {
    if (ticking != null) {
      ticking.cancel(false);
    }
  }

  private void tell() {
    if (looking == null) {
      looking = new Looking(database, id, builder);
    }
    MigrationStatus status = looking.status();
    status.steps().stream()
        .filter(it -> it.state() == StepStatus.State.RUNNING)
        .reduce((first, second) -> second)
        .ifPresent(it -> to.accept("%s: %s, %s".formatted(id, it.phase(), line(it, status))));
  }

  private static String line(StepStatus step, MigrationStatus status) {
    BackfillStatus backfill = status.backfill();
    if (backfill == null || backfill.percentVerified() >= 100) {
      return step.name();
    }
    return (backfill.finishedAt() == null)
        ? "%s: %d %%, %s rows/s"
            .formatted(
                step.name(),
                Math.round(backfill.percent()),
                TextReport.count(Math.round(backfill.rowsPerSecond())))
        : "%s: %d %%".formatted(step.name(), Math.round(backfill.percentVerified()));
  }

  /** The connection is used by the clock's thread only. */
  @Override
  public void close() {
    try {
      clock
          .submit(
              () -> {
                if (looking != null) {
                  looking.close();
                }
              })
          .get();
    } catch (ExecutionException ex) {
      throw new IllegalStateException(ex.getCause());
    } catch (InterruptedException ex) {
      Thread.currentThread().interrupt();
    }
    clock.shutdown();
  }
}
