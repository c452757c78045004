package dev.migrator.internal.backfill;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How many blocks the next range has, steered so that a range takes about the target duration. */
final class RangeSize {

  static final long FIRST = 16;

  private static final long MOST = 65_536;

  /** Below this the transaction itself costs more than its rows. */
  private static final long FEWEST = 8;

  /** One slow range, say behind a checkpoint, must not shrink the next ones to nothing. */
  private static final double STEP = 2.0;

  /** A moment in which others are slowed down is to be short, even if there are few. */
  private static final double BRIEF = TimeUnit.MILLISECONDS.toNanos(25);

  private final double target;

  private long blocks = FIRST;

  RangeSize(Duration target) {
    this.target = target.toNanos();
  }

  long blocks() {
    return blocks;
  }

  /**
   * Notes how long a range took.
   *
   * @param brief whether the next ones are to be brief, because others are to be spared
   */
  void took(long nanos, boolean brief) {
    double wanted = brief ? Math.min(target, BRIEF) : target;
    double factor = Math.max(1 / STEP, Math.min(STEP, wanted / Math.max(1, nanos)));
    blocks = Math.max(FEWEST, Math.min(MOST, Math.round(blocks * factor)));
  }

  /** A row of the range is at fault: the next ranges are single blocks, to find it. */
  void single() {
    blocks = 1;
  }

  /** Something in the range was locked: a smaller one passes it by sooner. */
  void failed() {
    blocks = Math.max(1, blocks / 4);
  }
}
