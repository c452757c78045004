package dev.migrator.postgres;

/**
 * An index.
 *
 * @param schema its schema, which is that of its table
 * @param name its name
 */
public record IndexName(String schema, String name) {

  public String quoted() {
    return Identifiers.quote(schema, name);
  }

  private static final String CONCURRENT_DROP = "DROP INDEX CONCURRENTLY IF EXISTS ";

  /** Drops it without blocking anybody. Cannot run in a transaction. */
  public String drop() {
    return CONCURRENT_DROP + quoted();
  }

  /** Whether a statement is one that {@link #drop()} has made. */
  public static boolean isConcurrentDrop(String sql) {
    return sql.startsWith(CONCURRENT_DROP);
  }

  /** The name in a statement that {@link #drop()} has made, qualified and quoted. */
  public static String quotedIn(String drop) {
    return drop.substring(CONCURRENT_DROP.length());
  }
}
