package dev.migrator.internal.catalog;

/**
 * A lock that a session holds and that keeps others from reading or writing a table.
 *
 * @param relation the object id of the table
 * @param table the table, quoted
 * @param mode such as {@code AccessExclusiveLock}
 * @param rows how many rows the table has, as the server estimates
 */
public record HeldLock(long relation, String table, String mode, long rows) {

  /** Whether not even reads go on. */
  public boolean blocksReads() {
    return mode.equals("AccessExclusiveLock");
  }

  /** As messages say it. */
  public String text() {
    return "%s on %s%s, which keeps %s waiting"
        .formatted(
            mode,
            table,
            (rows < 0) ? "" : " (about %d rows)".formatted(rows),
            blocksReads() ? "reads and writes" : "writes");
  }
}
