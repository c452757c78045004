package dev.migrator;

/**
 * The phases of a migration, in the order in which they are reached. They are undone in the reverse
 * order.
 */
public enum Phase {

  /** The new structure exists beside the old one. */
  EXPAND,

  /** Both sides are kept in step: a write to one side appears on the other. */
  DUAL_WRITE,

  /** The rows that existed before are copied, and both sides are verified to be equal. */
  BACKFILL,

  /** Reads may use the new side only. */
  SWITCH_READ,

  /** The old side is retired; after the retention time it is dropped. */
  CONTRACT;

  /**
   * Returns whether this phase is the given one or a later one.
   *
   * @param other the phase to compare with
   * @return {@code true} if a migration that has reached this phase has also reached {@code other}
   */
  public boolean includes(Phase other) {
    return compareTo(other) >= 0;
  }
}
