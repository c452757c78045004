package dev.migrator;

/** Tells a backfill whether the application runs short of connections. */
@FunctionalInterface
public interface PoolPressure {

  /** Nothing is known of the pool. */
  PoolPressure UNKNOWN = () -> 0;

  /**
   * How many threads wait for a connection.
   *
   * @return zero or more
   */
  int waiting();
}
