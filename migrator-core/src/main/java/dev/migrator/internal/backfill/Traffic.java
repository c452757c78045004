package dev.migrator.internal.backfill;

import java.util.concurrent.TimeUnit;

/**
 * Tells from the server's count of transactions that write whether others commit beside a backfill,
 * whom it could slow down. No input, no output, no clock.
 *
 * <p>The count is that of the whole server, as its log is: who writes to another database waits for
 * the same disk. It is exact and at once, where the server's statistics are late. Workers of the
 * library, wherever they are, count as many as they commit at full speed.
 */
final class Traffic {

  /** As many in {@link #WINDOW} are nobody: heartbeats, autovacuum. */
  private static final long FEW = 20;

  /** Another worker writes so many, together with what its instance measures. */
  private static final long OF_WORKER = 100;

  private static final long WINDOW = TimeUnit.SECONDS.toNanos(2);

  /** So many within this are not to be waited for any longer. */
  private static final long MOMENT = WINDOW / 10;

  /** In one window alone it may be an autovacuum of many tables. */
  private static final int WINDOWS = 2;

  private boolean read;

  private long begun;

  private long countAtBegin;

  private int manyInRow;

  private boolean busy;

  /**
   * Notes a reading.
   *
   * @param count how many transactions the server has counted
   * @param own how many of them are of this instance
   * @param now in nanoseconds
   * @param others how many workers there are beside those of this instance
   */
  void reading(long count, long own, long now, double others) {
    long foreign = count - own;
    if (!read) {
      begin(foreign, now);
      return;
    }
    long seen = foreign - countAtBegin;
    double few = FEW + others * OF_WORKER;
    if (isMany(seen, few, now, MOMENT)) {
      busy = true;
      begin(foreign, now);
    } else if (now - begun >= WINDOW) {
      boolean many = isMany(seen, few, now, WINDOW);
      manyInRow = many ? manyInRow + 1 : 0;
      busy = busy ? many : manyInRow >= WINDOWS;
      begin(foreign, now);
    }
  }

  /** Whether there were more than a few in each of these times, or in the first one so far. */
  private boolean isMany(long seen, double few, long now, long time) {
    return seen > few * Math.max(1, (double) (now - begun) / time);
  }

  /** Whether others commit. */
  boolean busy() {
    return busy;
  }

  private void begin(long foreign, long now) {
    read = true;
    begun = now;
    countAtBegin = foreign;
  }
}
