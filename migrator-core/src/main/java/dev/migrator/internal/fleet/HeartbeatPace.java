package dev.migrator.internal.fleet;

import dev.migrator.settings.FleetSettings;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When the next heartbeat is due. With nothing under way, every other one is left out; after one
 * that has failed none is, and with a long lease it is tried again long before the next would come.
 */
final class HeartbeatPace {

  private final Duration heartbeat;

  private final Duration lookEvery;

  private final boolean mayRest;

  private final LongSupplier nanoTime;

  /** When the last heartbeat that was not left out began. */
  private long began;

  private boolean failed;

  private volatile boolean quiet;

  /**
   * Makes it.
   *
   * @param retry after how long a heartbeat that has failed is tried again at the latest
   */
  HeartbeatPace(FleetSettings settings, Duration retry, LongSupplier nanoTime) {
    this.heartbeat = settings.heartbeat();
    this.lookEvery = (heartbeat.compareTo(retry) < 0) ? heartbeat : retry;
    // Two must fit before the lease counts as over.
    this.mayRest = heartbeat.multipliedBy(2).compareTo(settings.leaseTime().dividedBy(3)) <= 0;
    this.nanoTime = nanoTime;
    this.began = nanoTime.getAsLong();
  }

  /** How often to look whether one is due. */
  Duration lookEvery() {
    return lookEvery;
  }

  boolean isDue() {
    // Half a period is no matter: no heartbeat may come late because this look came early.
    long half = lookEvery.toNanos() / 2;
    return failed || nanoTime.getAsLong() - began >= pause().toNanos() - half;
  }

  private Duration pause() {
    return (quiet && mayRest) ? heartbeat.multipliedBy(2) : heartbeat;
  }

  /** A heartbeat begins. Until it has succeeded, it has failed. */
  void begins() {
    began = nanoTime.getAsLong();
    failed = true;
    quiet = false;
  }

  /**
   * The heartbeat has succeeded.
   *
   * @param calm whether it has found that nothing is under way
   */
  void succeeded(boolean calm) {
    failed = false;
    quiet = calm;
  }

  /** Whether the last heartbeat has found that nothing is under way. */
  boolean isQuiet() {
    return quiet;
  }
}
