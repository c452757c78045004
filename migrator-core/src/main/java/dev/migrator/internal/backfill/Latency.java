package dev.migrator.internal.backfill;

import java.util.HashMap;
import java.util.Map;

/**
 * Compares how long a row takes now with how long rows of such a pass have taken. A worker keeps
 * this from one chunk to the next, or a slow hour would be usual at once.
 */
final class Latency {

  /** Ranges of fewer rows say nothing. */
  private static final long ENOUGH = 100;

  private static final double WEIGHT = 0.05;

  private final Map<Pass, Double> usual = new HashMap<>();

  /** 1 for as long as usual. */
  double timesAsLong(BackfillTask task, int number, long rows, long nanos) {
    Pass pass = new Pass(task.migration(), task.kind(), number);
    if (rows < ENOUGH) {
      return 1;
    }
    double perRow = (double) nanos / rows;
    double before = usual.getOrDefault(pass, perRow);
    // A slow range counts as little as a usual one, so that a slow hour becomes usual in the end.
    usual.put(pass, before + WEIGHT * (Math.min(perRow, before * 2) - before));
    return perRow / before;
  }

  private record Pass(String migration, BackfillTask.Kind kind, int number) {}
}
