package dev.migrator.internal.backfill;

import java.util.concurrent.TimeUnit;

/** Rows per second, smoothed over the last seconds. */
final class Rate {

  private static final double WINDOW = TimeUnit.SECONDS.toNanos(5);

  private long last = System.nanoTime();

  private double perSecond;

  double after(long rows) {
    long now = System.nanoTime();
    double nanos = Math.max(1, now - last);
    double current = rows * 1e9 / nanos;
    double weight = (perSecond == 0) ? 1 : 1 - Math.exp(-nanos / WINDOW);
    perSecond += weight * (current - perSecond);
    last = now;
    return perSecond;
  }

  double perSecond() {
    return perSecond;
  }
}
