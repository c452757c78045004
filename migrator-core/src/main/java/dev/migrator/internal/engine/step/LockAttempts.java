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

  private long begun;

  private long ended;

  private long spent;

  LockAttempts(Duration limit, Timings timings, LongSupplier nanoTime) {
    this.backoff = new Backoff(timings);
    this.nanoTime = nanoTime;
    this.limit = limit.toNanos();
    this.next = nanoTime.getAsLong();
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

  /** Puts the next one off. Returns for how long. */
  Duration pause() {
    Duration pause = backoff.next();
    next = nanoTime.getAsLong() + pause.toNanos();
    return pause;
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
