package dev.migrator.internal.journal;

import dev.migrator.internal.sql.Database;

/**
 * Whether the journal was made, by whomever, and nothing else of what {@link InstalledServer} says.
 *
 * @param schema whether its schema is there
 * @param tables whether its tables are there
 */
record JournalPresence(boolean schema, boolean tables) {

  static JournalPresence look(Database database) {
    return database
        .jdbc()
        .sql(
            """
            SELECT n.oid IS NOT NULL AS schema,
                   EXISTS (SELECT FROM pg_catalog.pg_class c
                            WHERE c.relnamespace = n.oid AND c.relname = 'migration')
                   AND EXISTS (SELECT FROM pg_catalog.pg_class c
                                WHERE c.relnamespace = n.oid AND c.relname = 'instance' AND c.relkind = 'r') AS tables
              FROM (VALUES (1)) AS one LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = 'migrator'
            """)
        .query((rs, row) -> new JournalPresence(rs.getBoolean("schema"), rs.getBoolean("tables")))
        .single();
  }
}
