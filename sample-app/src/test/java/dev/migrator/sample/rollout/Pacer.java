package dev.migrator.sample.rollout;

import java.util.concurrent.locks.LockSupport;

/** Lets callers go on at a steady rate, all together. */
final class Pacer {

  /** A caller that is late by more does not catch up: that would be a burst. */
  private static final long PATIENCE = 500_000_000;

  private final long interval;

  private long next = System.nanoTime();

  Pacer(int perSecond) {
    this.interval = 1_000_000_000L / perSecond;
  }

  void await() {
    long moment = takeMoment();
    long left = moment - System.nanoTime();
    while (left > 0) {
      LockSupport.parkNanos(left);
      left = moment - System.nanoTime();
    }
  }

  private synchronized long takeMoment() {
    long now = System.nanoTime();
    if (now - next > PATIENCE) {
      next = now;
    }
    long moment = next;
    next += interval;
    return moment;
  }
}
