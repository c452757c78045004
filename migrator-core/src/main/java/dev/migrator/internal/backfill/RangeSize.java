package dev.migrator.internal.backfill;

import java.time.Duration;

/** How many blocks the next range has, steered so that a range takes about the target duration. */
final class RangeSize {

  static final long FIRST = 16;

  private static final long MOST = 65_536;

  /** Below this the transaction itself costs more than its rows. */
  private static final long FEWEST = 8;

  /** One slow range, say behind a checkpoint, must not shrink the next ones to nothing. */
  private static final double STEP = 2.0;

  private final double target;

  private long blocks = FIRST;

  RangeSize(Duration target) {
    this.target = target.toNanos();
  }

  long blocks() {
    return blocks;
  }

  void took(long nanos) {
    double factor = Math.max(1 / STEP, Math.min(STEP, target / Math.max(1, nanos)));
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
