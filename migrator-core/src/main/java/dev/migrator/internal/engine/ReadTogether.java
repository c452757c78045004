package dev.migrator.internal.engine;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Migrations that have run in one transaction, whose records are read by one query. Other threads
 * than the one that works may read all of them.
 */
final class ReadTogether {

  /** Those that have run behind another one, which is asked for first. */
  private final Map<String, Set<String>> behind = new HashMap<>();

  private final Set<String> read = new HashSet<>();

  /**
   * Some have run.
   *
   * @param first the one that is asked for first
   * @param ids all of them
   */
  synchronized void ran(String first, Collection<String> ids) {
    behind.put(first, Set.copyOf(ids));
  }

  /**
   * All records are about to be read: what was read before is older than they are, and not to be
   * taken for what a later round knows.
   */
  synchronized void clear() {
    behind.clear();
    read.clear();
  }

  /** Whether the record of one was read with that of another, and not asked for since. */
  synchronized boolean isRead(String id) {
    return read.remove(id);
  }

  /** Those whose records are to be read with that of one. */
  synchronized Set<String> with(String id) {
    Set<String> ids = behind.remove(id);
    if (ids == null) {
      return Set.of(id);
    }
    read.addAll(ids);
    read.remove(id);
    return ids;
  }
}
