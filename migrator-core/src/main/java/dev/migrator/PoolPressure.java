package dev.migrator;

/**
 * Measures whether the application runs short of connections, so that a backfill waits.
 *
 * <pre>{@code
 * Migrator.builder(pool)
 *     .poolPressure(() -> pool.getHikariPoolMXBean().getThreadsAwaitingConnection());
 * }</pre>
 */
@FunctionalInterface
public interface PoolPressure {

  /** For an unknown pool: no thread ever waits. */
  PoolPressure UNKNOWN = () -> 0;

  /**
   * Returns how many threads wait for a connection at present. Must return quickly.
   *
   * @return zero or more
   */
  int waiting();

  /**
   * Returns how many connections the pool can have. With fewer than two besides those of its
   * workers a backfill does not measure what commits take. Must return quickly.
   *
   * @return one or more; enough by default
   */
  default int connections() {
    return Integer.MAX_VALUE;
  }
}
