package dev.migrator.backfill;

import java.util.HashMap;
import java.util.Map;

/** Compares how long a row takes now with how long rows of such a pass have taken. */
final class Latency {

  /** Ranges of fewer rows tell nothing. */
  private static final long ENOUGH = 100;

  private static final double WEIGHT = 0.05;

  private final Map<Integer, Double> usual = new HashMap<>();

  /** 1 for as long as usual. */
  double timesAsLong(int pass, long rows, long nanos) {
    if (rows < ENOUGH) {
      return 1;
    }
    double perRow = (double) nanos / rows;
    double before = usual.getOrDefault(pass, perRow);
    // A slow range counts as little as a usual one, so that a slow hour becomes usual in the end.
    usual.put(pass, before + WEIGHT * (Math.min(perRow, before * 2) - before));
    return perRow / before;
  }
}
