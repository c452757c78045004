package dev.migrator.internal.fleet;

import java.time.Duration;

/**
 * Until when this instance may serve, by this machine's own clocks. A monotonic clock may stand
 * still while the machine sleeps, the other one may be set: the lease is over as soon as one of
 * them says so.
 */
record LocalLease(long nanoTime, long millis) {

  /** Over before it began. */
  static final LocalLease NONE = new LocalLease(0, 0);

  static LocalLease now() {
    return new LocalLease(System.nanoTime(), System.currentTimeMillis());
  }

  LocalLease plus(Duration time) {
    return new LocalLease(nanoTime + time.toNanos(), millis + time.toMillis());
  }

  boolean isOver() {
    return System.nanoTime() - nanoTime >= 0 || System.currentTimeMillis() >= millis;
  }
}
