package dev.migrator.fleet;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * Tells who has given no sign of life for a whole lease, by this machine's own monotonic clock: a
 * clock that is set, here or on the database's machine, ends nobody's lease.
 *
 * <p>An instance counts its lease from before it sent its last sign of life; whoever watches counts
 * from after it has seen it. So the one has stopped serving before the other says that it is gone.
 */
public final class LeaseWatch {

  private final long leaseTime;

  private final LongSupplier nanoTime;

  private final Map<UUID, Seen> seen = new HashMap<>();

  public LeaseWatch(Duration leaseTime, LongSupplier nanoTime) {
    this.leaseTime = leaseTime.toNanos();
    this.nanoTime = nanoTime;
  }

  /**
   * To be called with what was read.
   *
   * @param beats how many signs of life the instance has given
   * @return whether it has given none for a whole lease, as far as was watched
   */
  public synchronized boolean isGone(UUID key, long beats) {
    long now = nanoTime.getAsLong();
    Seen before = seen.get(key);
    if (before == null || before.beats != beats) {
      seen.put(key, new Seen(beats, now));
      return false;
    }
    return now - before.since > leaseTime;
  }

  synchronized void forget(UUID key) {
    seen.remove(key);
  }

  private record Seen(long beats, long since) {}
}
