package dev.migrator.internal.backfill;

import java.util.Arrays;

/** The last of many durations, in nanoseconds. */
final class Durations {

  private final long[] values;

  private int size;

  private int next;

  Durations(int most) {
    this.values = new long[most];
  }

  void add(long nanos) {
    values[next] = nanos;
    next = (next + 1) % values.length;
    size = Math.min(size + 1, values.length);
  }

  void clear() {
    size = 0;
    next = 0;
  }

  int size() {
    return size;
  }

  /** How many are longer. */
  long over(double nanos) {
    return Arrays.stream(values, 0, size).filter(it -> it > nanos).count();
  }

  /** What that part of them, 0 to 1, is at most; zero if there are none. */
  double quantile(double part) {
    long[] sorted = Arrays.copyOf(values, size);
    Arrays.sort(sorted);
    return (size == 0) ? 0 : sorted[Math.min(size - 1, (int) (part * size))];
  }
}
