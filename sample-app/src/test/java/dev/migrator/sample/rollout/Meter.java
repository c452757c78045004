package dev.migrator.sample.rollout;

import java.time.Duration;
import java.util.Arrays;

/** How many requests there were and how long they took. */
final class Meter {

  private long[] endedAt = new long[65_536];

  private long[] taken = new long[65_536];

  private int count;

  synchronized void record(long begin, long end) {
    if (count == taken.length) {
      endedAt = Arrays.copyOf(endedAt, count * 2);
      taken = Arrays.copyOf(taken, count * 2);
    }
    endedAt[count] = end;
    taken[count] = end - begin;
    count++;
  }

  synchronized int requests() {
    return count;
  }

  synchronized Duration longest() {
    return Duration.ofNanos(Arrays.stream(taken, 0, count).max().orElse(0));
  }

  /** The time that 99 of 100 requests did not exceed. */
  synchronized Duration p99() {
    return p99From(0);
  }

  /** The same of the requests that ended lately. */
  synchronized Duration p99Of(Duration last) {
    long earliest = System.nanoTime() - last.toNanos();
    int from = count;
    while (from > 0 && endedAt[from - 1] - earliest >= 0) {
      from--;
    }
    return p99From(from);
  }

  private Duration p99From(int from) {
    if (from == count) {
      return Duration.ZERO;
    }
    long[] sorted = Arrays.copyOfRange(taken, from, count);
    Arrays.sort(sorted);
    return Duration.ofNanos(sorted[(int) Math.ceil(sorted.length * 0.99) - 1]);
  }
}
