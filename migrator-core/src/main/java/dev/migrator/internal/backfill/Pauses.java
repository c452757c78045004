package dev.migrator.internal.backfill;

import dev.migrator.internal.Timings;
import java.time.Duration;

/** How long locked rows are left alone before they are tried again. */
final class Pauses {

  private Pauses() {}

  static Duration beforeAttempt(int attempt, Timings.Ranges timings) {
    Duration pause = timings.firstLockedRows().multipliedBy(1L << Math.min(attempt - 1, 10));
    return (pause.compareTo(timings.longestLockedRows()) < 0) ? pause : timings.longestLockedRows();
  }
}
