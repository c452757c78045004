package dev.migrator.internal.sql;

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

  /** Renames it, which blocks no reader or writer. */
  public String rename(String other) {
    return "ALTER INDEX %s RENAME TO %s".formatted(quoted(), Identifiers.quote(other));
  }

  /** Drops it without blocking another session. Cannot run in a transaction. */
  public String drop() {
    return "DROP INDEX CONCURRENTLY IF EXISTS " + quoted();
  }
}
