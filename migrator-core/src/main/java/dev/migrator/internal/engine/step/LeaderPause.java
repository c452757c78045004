package dev.migrator.internal.engine.step;

import dev.migrator.internal.Timings;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.sql.Database;
import java.time.Duration;

/**
 * Pauses of whoever leads between two tries. Nothing is locked and nothing done meanwhile, so one
 * ends as soon as the start of another instance wants to lead.
 */
public final class LeaderPause {

  private final Database database;

  private final Lease lease;

  private final StopSignal signal;

  private final Deadline deadline;

  private final Duration lookAgain;

  public LeaderPause(
      Database database, Lease lease, StopSignal signal, Deadline deadline, Timings timings) {
    this.database = database;
    this.lease = lease;
    this.signal = signal;
    this.deadline = deadline;
    this.lookAgain = timings.leading().lookAgain();
  }

  /**
   * Pauses, not beyond the deadline. What is due is tried, also if another instance is to lead:
   * what was proved for it need not be proved again then.
   *
   * @return whether to go on; not if told to end, or if another instance is to lead
   */
  public boolean until(long nanoTime) {
    long left = nanoTime - System.nanoTime();
    while (left > 0 && !lease.isWanted() && !deadline.isOver()) {
      signal.pause(Duration.ofNanos(Math.min(left, lookAgain.toNanos())));
      if (signal.isRequested()) {
        return false;
      }
      if (lease.isHeld()) {
        database.inTransaction(lease::check);
      }
      left = nanoTime - System.nanoTime();
    }
    return left <= 0 || !lease.isWanted();
  }
}
