package dev.migrator.plan;

import java.time.Duration;

/**
 * How long a step takes by all that is known before.
 *
 * @param duration how long, without waiting for locks, pauses and throttling
 * @param basis what it comes from
 * @param explanation how it came about, for people
 */
public record Estimate(Duration duration, Basis basis, String explanation) {

  /** What an estimate comes from. */
  public enum Basis {

    /** From a rate that was measured nowhere near this database. */
    DEFAULT,

    /** From what steps of that kind took on this database. */
    MEASURED
  }

  /** As a person reads it. */
  @Override
  public String toString() {
    long millis = duration.toMillis();
    String time =
        (millis < 1_000)
            ? "under 1 s"
            : (millis < 120_000)
                ? "about %d s".formatted(Math.round(millis / 1000.0))
                : (millis < 7_200_000)
                    ? "about %d min".formatted(Math.round(millis / 60_000.0))
                    : "about %d h".formatted(Math.round(millis / 3_600_000.0));
    return "%s (%s)".formatted(time, explanation);
  }
}
