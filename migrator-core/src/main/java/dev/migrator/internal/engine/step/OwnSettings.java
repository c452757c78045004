package dev.migrator.internal.engine.step;

import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Identifiers;

/**
 * What a transaction has set for the statements of the library, and for those of a file: the one
 * finds names in {@code pg_catalog} only, and has no prepared query planned again.
 */
final class OwnSettings {

  private static final String SET =
      "SELECT pg_catalog.set_config('search_path', %s, true), pg_catalog.set_config('plan_cache_mode', %s, true)";

  private final Database database;

  private final String path;

  private final String plans;

  /** Sets those of the library, in a transaction. */
  OwnSettings(Database database) {
    this.database = database;
    this.path = database.searchPath().get();
    this.plans =
        database
            .jdbc()
            .sql("SELECT pg_catalog.current_setting('plan_cache_mode')")
            .query(String.class)
            .single();
    take();
  }

  /** Sets those of a file behind other statements. */
  void give(String before) {
    database.execute(before + SET.formatted(Identifiers.literal(path), Identifiers.literal(plans)));
  }

  /**
   * Sets those of the library.
   *
   * @return whether the file has left its own as they were
   */
  boolean take() {
    // What is materialized was read before anything is set.
    boolean same =
        database
            .query(
                """
                WITH before AS MATERIALIZED (
                  SELECT pg_catalog.current_setting('search_path') OPERATOR(pg_catalog.=) %s
                         AND pg_catalog.current_setting('plan_cache_mode') OPERATOR(pg_catalog.=) %s AS same)
                SELECT same, pg_catalog.set_config('search_path', 'pg_catalog', true),
                       pg_catalog.set_config('plan_cache_mode', 'force_generic_plan', true)
                  FROM before
                """
                    .formatted(Identifiers.literal(path), Identifiers.literal(plans)),
                (rs, row) -> rs.getBoolean("same"))
            .get(0);
    if (!same) {
      // It may have set it for good.
      database.searchPath().pin(path);
    }
    return same;
  }
}
