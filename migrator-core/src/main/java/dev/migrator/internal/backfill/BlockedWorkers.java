package dev.migrator.internal.backfill;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The workers of this instance that somebody blocks: from a range that could not be done until the
 * same worker gets one done, or leaves. So whoever is in the way is reported all the time, also
 * during the pause between two attempts.
 */
final class BlockedWorkers {

  private final Set<Object> workers = ConcurrentHashMap.newKeySet();

  private volatile boolean met;

  void add(Object worker) {
    workers.add(worker);
    met = true;
  }

  void remove(Object worker) {
    workers.remove(worker);
  }

  /** Whether there are any, or have been since this was asked last. */
  boolean metSinceLastLook() {
    boolean result = met || !workers.isEmpty();
    met = false;
    return result;
  }
}
