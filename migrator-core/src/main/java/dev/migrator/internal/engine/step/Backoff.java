package dev.migrator.internal.engine.step;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Pauses that grow with every failed attempt, jittered so that several instances do not meet again.
 */
public final class Backoff {

  private static final long FIRST_MILLIS = 100;

  private static final long LONGEST_MILLIS = 10_000;

  private long millis = FIRST_MILLIS;

  public Duration next() {
    long jittered = ThreadLocalRandom.current().nextLong(millis / 2, millis + 1);
    millis = Math.min(LONGEST_MILLIS, millis * 2);
    return Duration.ofMillis(jittered);
  }
}
