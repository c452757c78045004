package dev.migrator.test.rehearsal;

import java.time.Duration;
import java.util.List;

/**
 * A statement that ran, or one that ran for range after range.
 *
 * @param sql the statement; of ranges the first
 * @param executions how often it ran
 * @param failures how often it did not succeed, such as by an attempt that did not get its lock
 * @param total how long that took
 * @param longest how long one took at most
 * @param walBytes how much the whole server wrote to its log meanwhile
 * @param locks those it took on tables that were there before
 * @param scanned the tables, or the foreign keys, for which the server says that it read all rows
 * @param built the indexes that it built
 * @param rewritten the tables that it wrote anew
 */
public record StatementReport(
    String sql,
    int executions,
    int failures,
    Duration total,
    Duration longest,
    long walBytes,
    List<MeasuredLock> locks,
    List<String> scanned,
    List<String> built,
    List<String> rewritten) {

  /** Copies the lists. */
  public StatementReport {
    locks = List.copyOf(locks);
    scanned = List.copyOf(scanned);
    built = List.copyOf(built);
    rewritten = List.copyOf(rewritten);
  }
}
