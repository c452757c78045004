package dev.migrator.internal.engine.step;

import dev.migrator.internal.Timings;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Pauses that grow with every failed attempt, jittered so that several instances do not meet again.
 */
public final class Backoff {

  private final BackOffExecution growing;

  public Backoff(Timings timings) {
    ExponentialBackOff doubling =
        new ExponentialBackOff(timings.steps().firstPause().toMillis(), 2);
    doubling.setMaxInterval(timings.steps().longestPause().toMillis());
    this.growing = doubling.start();
  }

  /** Between a half and the whole of a pause that is twice as long each time. */
  public Duration next() {
    long millis = growing.nextBackOff();
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(millis / 2, millis + 1));
  }
}
