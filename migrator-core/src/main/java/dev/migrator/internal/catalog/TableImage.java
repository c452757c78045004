package dev.migrator.internal.catalog;

import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.ObjectNames;
import java.util.Collection;

/** What a plan depends on of some tables, as a text that is the same as long as that is. */
public record TableImage(Database database) {

  /** To be called in a transaction that is rolled back: definitions depend on the search path. */
  public String of(Collection<Long> tables) {
    database.searchPath().set("pg_catalog");
    return database
        .jdbc()
        .sql(
            """
            WITH wanted AS (
              SELECT c.oid, c.oid::regclass::text AS name, c.relkind, c.relowner, c.relpersistence
                FROM pg_class c WHERE c.oid::bigint = ANY (:tables)),
            line AS (
              SELECT name, 'table' AS what, concat_ws(' ', relkind, pg_get_userbyid(relowner), relpersistence) AS text FROM wanted
              UNION ALL
              SELECT w.name, 'column ' || a.attname,
                     concat_ws(' ', a.attnum, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
                               a.attgenerated, a.attcollation, pg_get_expr(d.adbin, d.adrelid))
                FROM wanted w JOIN pg_attribute a ON a.attrelid = w.oid AND a.attnum > 0 AND NOT a.attisdropped
                LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
              UNION ALL
              SELECT w.name, 'constraint ' || c.conname, concat_ws(' ', pg_get_constraintdef(c.oid), c.convalidated)
                FROM wanted w JOIN pg_constraint c ON w.oid IN (c.conrelid, c.confrelid)
              UNION ALL
              SELECT w.name, 'index', concat_ws(' ', pg_get_indexdef(i.indexrelid), i.indisvalid)
                FROM wanted w JOIN pg_index i ON i.indrelid = w.oid
              UNION ALL
              SELECT w.name, 'trigger ' || t.tgname, concat_ws(' ',
                     -- Of ours the journal tells; some rest after a while.
                     CASE WHEN NOT starts_with(t.tgname::text, :own) THEN pg_get_triggerdef(t.oid) END, t.tgenabled)
                FROM wanted w JOIN pg_trigger t ON t.tgrelid = w.oid AND NOT t.tgisinternal
              UNION ALL
              SELECT w.name, 'partition', i.inhrelid::regclass::text
                FROM wanted w JOIN pg_inherits i ON i.inhparent = w.oid)
            SELECT coalesce(string_agg(concat_ws(': ', name, what, text), E'\\n'
                                       ORDER BY name COLLATE "C", what COLLATE "C", text COLLATE "C"), '')
              FROM line
            """)
        .param("own", ObjectNames.PREFIX)
        .param("tables", tables.toArray(Long[]::new))
        .query(String.class)
        .single();
  }
}
