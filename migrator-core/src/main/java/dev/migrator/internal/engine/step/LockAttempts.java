package dev.migrator.internal.engine.step;

import dev.migrator.internal.Timings;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The tries of a step to get its locks. Pauses and limit go on where the turn of another leader has
 * cut them off; that turn does not count.
 */
public final class LockAttempts {

  private final LongSupplier nanoTime;

  private final long limit;

  private final Backoff backoff;

  /** When the next one is due. */
  private long next;

  /** When the last one was due. */
  private long early;

  private long begun;

  private long ended;

  private long spent;

  LockAttempts(Duration limit, Timings timings, LongSupplier nanoTime) {
    this.backoff = new Backoff(timings);
    this.nanoTime = nanoTime;
    this.limit = limit.toNanos();
    this.next = nanoTime.getAsLong();
    this.early = next;
    this.ended = next;
  }

  void begin() {
    begun = nanoTime.getAsLong();
  }

  void end() {
    ended = nanoTime.getAsLong();
    spent += ended - begun;
  }

  long next() {
    return next;
  }

  /**
   * From when on the next one may be made before it is due, if nobody is in the way any longer. Not
   * before the last one was due: however often they are made early, by any moment there have been
   * no more of them than if each had been made when it was due, and one.
   */
  long early() {
    return early;
  }

  /** Puts the next one off. Returns for how long. */
  Duration pause() {
    long now = nanoTime.getAsLong();
    // A pause is counted from when the last one was due, also if it was made before.
    early = (next - now > 0) ? next : now;
    next = early + backoff.next().toNanos();
    return Duration.ofNanos(next - now);
  }

  /** Whether there have been enough. */
  boolean isOver() {
    return spent + (nanoTime.getAsLong() - begun) >= limit;
  }

  /** Whether the step may have been done, or given up, elsewhere since: then it begins anew. */
  boolean isOld() {
    return nanoTime.getAsLong() - ended > limit;
  }
}
