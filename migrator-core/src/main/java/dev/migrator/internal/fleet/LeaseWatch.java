package dev.migrator.internal.fleet;

import dev.migrator.internal.Timings;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * Decides who is presumed dead: an instance without a sign of life for a whole lease, by this
 * machine's own monotonic clock. A clock that is set, here or on the database's machine, ends
 * nobody's lease.
 *
 * <p>An instance counts its lease from before it sent its last sign of life; whoever watches counts
 * from after it has seen it. So the one has stopped serving before the other presumes it dead.
 */
public final class LeaseWatch {

  private final LongSupplier nanoTime;

  /**
   * An instance that was not looked at for so long is watched anew: no sign could have been seen.
   */
  private final Duration unwatched;

  private final Map<UUID, Seen> seen = new HashMap<>();

  public LeaseWatch(LongSupplier nanoTime, Timings timings) {
    this.nanoTime = nanoTime;
    this.unwatched = timings.limits().unwatched();
  }

  /**
   * To be called with what was read.
   *
   * @param beats how many signs of life the instance has given
   * @param leaseTime its lease, as it has set it itself
   * @return whether it has given none for a whole lease, as far as was watched
   */
  public synchronized boolean isPresumedDead(UUID key, long beats, Duration leaseTime) {
    long now = nanoTime.getAsLong();
    Seen before = seen.get(key);
    long gap = Math.max(unwatched.toNanos(), leaseTime.toNanos() / 2);
    boolean goesOn = before != null && before.beats == beats && now - before.last <= gap;
    long since = (before != null && goesOn) ? before.since : now;
    seen.put(key, new Seen(beats, since, now));
    return now - since > leaseTime.toNanos();
  }

  /** Forgets all others. */
  synchronized void keep(Collection<UUID> keys) {
    seen.keySet().retainAll(keys);
  }

  private record Seen(long beats, long since, long last) {}
}
