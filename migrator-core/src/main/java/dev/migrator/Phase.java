package dev.migrator;

/**
 * How far a change has come. The order of the constants is the order in which they are reached, and
 * the reverse of the order in which they are undone.
 */
public enum Phase {

  /** The new structure stands beside the old. */
  EXPAND,

  /** Both sides are kept in step: a write to one is seen on the other. */
  DUAL_WRITE,

  /** The rows that were there before are brought over, and both sides are proved equal. */
  BACKFILL,

  /** Code may read the new side only. */
  SWITCH_READ,

  /** The old side is gone. */
  CONTRACT;

  /**
   * Whether this phase lies at or behind another.
   *
   * @param other the phase to compare with
   * @return {@code true} if a change that reached this phase has also reached {@code other}
   */
  public boolean includes(Phase other) {
    return compareTo(other) >= 0;
  }
}
