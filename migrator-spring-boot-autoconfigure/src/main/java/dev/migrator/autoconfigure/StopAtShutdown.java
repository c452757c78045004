package dev.migrator.autoconfigure;

import dev.migrator.Migrator;

/**
 * Ends a running {@link Migrator#prepare()} when the JVM shuts down. The context cannot: its own
 * shutdown waits until it has started, and it starts only after that.
 */
final class StopAtShutdown implements AutoCloseable {

  private final Thread hook;

  private StopAtShutdown(Thread hook) {
    this.hook = hook;
  }

  static StopAtShutdown of(Migrator migrator) {
    Thread hook = new Thread(migrator::stop, "migrator-shutdown");
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException ex) {
      // The JVM is ending already.
    }
    return new StopAtShutdown(hook);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ex) {
      // It is running, and sees that there is nothing left to end.
    }
  }
}
