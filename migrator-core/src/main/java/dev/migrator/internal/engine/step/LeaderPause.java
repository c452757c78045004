package dev.migrator.internal.engine.step;

import dev.migrator.internal.Timings;
import dev.migrator.internal.catalog.LockHolders;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.sql.Database;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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

  private final Duration freed;

  public LeaderPause(
      Database database, Lease lease, StopSignal signal, Deadline deadline, Timings timings) {
    this.database = database;
    this.lease = lease;
    this.signal = signal;
    this.deadline = deadline;
    this.lookAgain = timings.leading().lookAgain();
    this.freed = timings.steps().freed();
  }

  /** Looks whether those have gone who are in the way. */
  public FreedLocks looksAt(Supplier<LockHolders> holders) {
    return new FreedLocks(database, holders, freed);
  }

  /**
   * Pauses, not beyond the deadline. What is due is tried, also if another instance is to lead:
   * what was verified for it need not be verified again then.
   *
   * @return whether to go on; not if told to end, or if another instance is to lead
   */
  public boolean until(long nanoTime) {
    return until(nanoTime, null);
  }

  /**
   * The same, and ends early when nobody is in the way any longer.
   *
   * @param freed tells that, if anything does
   */
  public boolean until(long nanoTime, @Nullable FreedLocks freed) {
    long check = System.nanoTime() + lookAgain.toNanos();
    long left = nanoTime - System.nanoTime();
    while (left > 0 && !lease.isWanted() && !deadline.isOver()) {
      long nap = Math.min(left, Math.max(0, check - System.nanoTime()));
      signal.pause(
          Duration.ofNanos(freed == null ? nap : Math.min(nap, freed.untilNext().toNanos())));
      if (signal.isRequested()) {
        return false;
      }
      if (check - System.nanoTime() <= 0) {
        check = System.nanoTime() + lookAgain.toNanos();
        if (lease.isHeld()) {
          database.inTransaction(lease::check);
        }
      }
      if (freed != null && freed.areFree()) {
        return true;
      }
      left = nanoTime - System.nanoTime();
    }
    return left <= 0 || !lease.isWanted();
  }
}
