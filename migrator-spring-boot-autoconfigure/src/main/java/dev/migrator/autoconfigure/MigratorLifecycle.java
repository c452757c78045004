package dev.migrator.autoconfigure;

import dev.migrator.Migrator;
import java.util.List;
import org.springframework.context.SmartLifecycle;

/**
 * Runs the background work from the moment the web server accepts requests until the application
 * begins to stop.
 */
class MigratorLifecycle implements SmartLifecycle {

  private final List<Migrator> migrators;

  MigratorLifecycle(List<Migrator> migrators) {
    this.migrators = List.copyOf(migrators);
  }

  @Override
  public void start() {
    migrators.forEach(Migrator::start);
  }

  @Override
  public void stop() {
    migrators.forEach(Migrator::stop);
  }

  /**
   * Stops in a thread of its own: a range or a statement at hand may take its time, and only so
   * does {@code spring.lifecycle.timeout-per-shutdown-phase} limit how long the application waits
   * for it.
   */
  @Override
  public void stop(Runnable callback) {
    Thread stopper =
        new Thread(
            () -> {
              try {
                stop();
              } finally {
                callback.run();
              }
            },
            "migrator-stop");
    stopper.setDaemon(true);
    stopper.start();
  }

  @Override
  public boolean isRunning() {
    return migrators.stream().anyMatch(Migrator::isRunning);
  }

  /** The last to start, after the web server, and the first to stop, before requests drain. */
  @Override
  public int getPhase() {
    return DEFAULT_PHASE;
  }
}
