package dev.migrator.internal.sql;

import java.util.List;

/**
 * An index.
 *
 * @param schema its schema, which is that of its table
 * @param name its name
 */
public record IndexName(String schema, String name) {

  private static final String CONCURRENTLY = "CONCURRENTLY ";

  public String quoted() {
    return Identifiers.quote(schema, name);
  }

  /** Renames it, which blocks no reader or writer. */
  public String rename(String other) {
    return "ALTER INDEX %s RENAME TO %s".formatted(quoted(), Identifiers.quote(other));
  }

  /** Gives it its name back, if it is still there. */
  public String renameIfThere(String other) {
    return "ALTER INDEX IF EXISTS %s RENAME TO %s".formatted(quoted(), Identifiers.quote(other));
  }

  /** Drops it in a transaction, which blocks whoever uses its table. */
  public String dropInTransaction() {
    return "DROP INDEX IF EXISTS " + quoted();
  }

  /**
   * The statement that builds an index in a transaction, which blocks whoever writes its table.
   *
   * @param concurrent a statement of the library's own that builds it beside them
   */
  public static String blocking(String concurrent) {
    for (String kind : List.of("CREATE INDEX ", "CREATE UNIQUE INDEX ")) {
      if (concurrent.startsWith(kind + CONCURRENTLY)) {
        return kind + concurrent.substring((kind + CONCURRENTLY).length());
      }
    }
    throw new IllegalArgumentException("not built concurrently: " + concurrent);
  }

  /** Drops it without blocking another session. Cannot run in a transaction. */
  public String drop() {
    return "DROP INDEX CONCURRENTLY IF EXISTS " + quoted();
  }
}
