package dev.migrator.internal.catalog;

import dev.migrator.internal.sql.Database;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** Which names still mean a table, an index or the like. */
public final class PresentRelations {

  private PresentRelations() {}

  /**
   * Asks in a transaction of its own.
   *
   * @param names quoted
   * @return those that something has
   */
  public static Set<String> of(Database database, Collection<String> names) {
    return new HashSet<>(
        database.inTransaction(
            () ->
                database
                    .jdbc()
                    .sql(
                        "SELECT n FROM unnest(?::text[]) AS n WHERE pg_catalog.to_regclass(n) IS NOT NULL")
                    .param(names.toArray(String[]::new))
                    .query(String.class)
                    .list()));
  }
}
