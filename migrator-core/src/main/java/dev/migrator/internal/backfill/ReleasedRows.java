package dev.migrator.internal.backfill;

import dev.migrator.internal.catalog.LockHolders;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Interval;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Notices that transactions have ended that may have had rows for which chunks are put off, and has
 * those worked on at once. The server does not tell which transaction has a row, so each counts
 * that may have one, but only for chunks that it has kept waiting for long: a transaction makes no
 * chunk due that was to wait for more than twice as long as it was seen. So a stream of short ones
 * leaves the pauses as they are, where always somebody else has the row.
 *
 * <p>Nobody waits because of that: a chunk that was put off is tried without waiting for any row.
 */
final class ReleasedRows {

  private final Database database;

  private final String migration;

  /** The transactions that may have rows, and when each was seen first. */
  private final Map<String, Long> seen = new HashMap<>();

  ReleasedRows(Database database, String migration) {
    this.database = database;
    this.migration = migration;
  }

  /**
   * Looks. To be called in a transaction, while chunks are put off.
   *
   * @return whether chunks are due because of that
   */
  boolean look(long nanoTime) {
    List<Long> waiting = waiting();
    if (waiting.isEmpty()) {
      return false;
    }
    Set<String> now = LockHolders.ofWriting(database, waiting).read().keySet();
    long longest =
        seen.entrySet().stream()
            .filter(it -> !now.contains(it.getKey()))
            .mapToLong(it -> nanoTime - it.getValue())
            .max()
            .orElse(0);
    seen.keySet().retainAll(now);
    now.forEach(it -> seen.putIfAbsent(it, nanoTime));
    return longest > 0 && makeDue(Duration.ofNanos(2 * longest));
  }

  private List<Long> waiting() {
    return database
        .jdbc()
        .sql(
            """
            SELECT DISTINCT c.relation FROM migrator.chunk c
             WHERE c.migration_id = ? AND NOT c.finished AND c.due_at > clock_timestamp()
            """)
        .param(migration)
        .query(Long.class)
        .list();
  }

  private boolean makeDue(Duration within) {
    return database
            .jdbc()
            .sql(
                """
                UPDATE migrator.chunk SET due_at = clock_timestamp()
                 WHERE id IN (SELECT id FROM migrator.chunk
                               WHERE migration_id = ? AND NOT finished
                                 AND due_at BETWEEN clock_timestamp() AND clock_timestamp() + ?::interval
                                 FOR UPDATE SKIP LOCKED)
                """)
            .params(migration, Interval.of(within))
            .update()
        > 0;
  }
}
