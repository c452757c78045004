package dev.migrator.internal.backfill;

import java.time.Duration;

/** How long locked rows are left alone before they are tried again. */
final class Pauses {

  private static final Duration FIRST = Duration.ofMillis(100);

  private static final Duration LONGEST = Duration.ofSeconds(10);

  private Pauses() {}

  static Duration beforeAttempt(int attempt) {
    Duration pause = FIRST.multipliedBy(1L << Math.min(attempt - 1, 10));
    return (pause.compareTo(LONGEST) < 0) ? pause : LONGEST;
  }
}
