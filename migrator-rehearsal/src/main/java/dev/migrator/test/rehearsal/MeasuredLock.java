package dev.migrator.test.rehearsal;

import dev.migrator.plan.LockMode;
import java.time.Duration;

/**
 * A lock that a statement took on a table, as the server showed it. It is counted from the moment
 * at which the statement was sent that took it to the end of its transaction, as the client sees
 * both, without the time in which the engine waited for the measuring. The true time is a little
 * shorter.
 *
 * @param table the table
 * @param mode the mode of the lock
 * @param times how often it was taken
 * @param longest how long it was held at most
 * @param total how long it was held altogether
 * @param from when it was taken first, since the phase began
 * @param until when it was given back last, since the phase began
 */
public record MeasuredLock(
    String table,
    LockMode mode,
    int times,
    Duration longest,
    Duration total,
    Duration from,
    Duration until) {

  /**
   * Returns whom it keeps waiting.
   *
   * @return the widest group
   */
  public Blocked blocked() {
    if (mode.blocksReads()) {
      return Blocked.EVERYBODY;
    }
    if (mode.blocksWrites()) {
      return Blocked.WRITES;
    }
    return (mode == LockMode.ROW_EXCLUSIVE) ? Blocked.WRITES_OF_SAME_ROWS : Blocked.NOBODY;
  }

  /** Whom a lock keeps waiting. */
  public enum Blocked {
    /** No statement of an application; at most another change of the table, or VACUUM. */
    NOBODY("nobody"),
    /** Whoever wants to write one of the rows that the statement has written. */
    WRITES_OF_SAME_ROWS("writes of the same rows"),
    /** Whoever wants to write the table. */
    WRITES("writes"),
    /** Whoever wants to read or write the table. */
    EVERYBODY("reads and writes");

    private final String text;

    Blocked(String text) {
      this.text = text;
    }

    /**
     * Whom, for people.
     *
     * @return such as {@code reads and writes}
     */
    public String text() {
      return text;
    }
  }

  /** As a person reads it. */
  @Override
  public String toString() {
    return "%s on %s".formatted(mode.sql(), table);
  }
}
