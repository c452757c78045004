package dev.migrator.backfill;

import java.time.Duration;

/** How many blocks the next range has, steered so that a range takes about the target duration. */
final class RangeSize {

  private static final long FIRST = 16;

  private static final long MOST = 65_536;

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
    blocks = Math.max(1, Math.min(MOST, Math.round(blocks * factor)));
  }

  void failed() {
    blocks = Math.max(1, blocks / 4);
  }
}
