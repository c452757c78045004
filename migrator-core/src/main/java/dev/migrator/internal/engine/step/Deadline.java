package dev.migrator.internal.engine.step;

/** The moment from which on work that does not come forward is left for later. */
public final class Deadline {

  private static final long NEVER = Long.MAX_VALUE;

  private volatile long at = NEVER;

  /**
   * Sets the moment.
   *
   * @param nanoTime as {@link System#nanoTime()} tells it, or {@link Long#MAX_VALUE} for never
   */
  public void at(long nanoTime) {
    at = nanoTime;
  }

  boolean isSet() {
    return at != NEVER;
  }

  public boolean isOver() {
    return isSet() && nanosLeft() <= 0;
  }

  long nanosLeft() {
    return at - System.nanoTime();
  }
}
