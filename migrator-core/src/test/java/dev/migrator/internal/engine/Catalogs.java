package dev.migrator.internal.engine;

import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The user's part of the catalog as text: two equal texts are two equal schemas. What is as it
 * always is has no line, so that a line more or less is something that was lost or left behind.
 */
final class Catalogs {

  /**
   * Of each part only what users have made, whose numbers begin at 16384: the server then reads a
   * few rows by indexes in place of its own thousands, and joins no schemas.
   */
  private static final String LINES =
      """
      WITH others AS MATERIALIZED (
             SELECT oid FROM pg_namespace WHERE nspname LIKE 'pg\\_%' OR nspname IN ('information_schema', 'migrator')),
           mine AS MATERIALIZED (
             SELECT * FROM pg_class WHERE oid >= 16384 AND relnamespace NOT IN (SELECT oid FROM others))
      SELECT line FROM (
        SELECT 1 AS part, c.relname::text AS name, format('%s.%s %s %s%s default %s comment %s stats %s acl %s',
               c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
               CASE WHEN a.attnotnull THEN 'not null ' ELSE '' END, a.attidentity,
               (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d WHERE d.adrelid = c.oid AND d.adnum = a.attnum),
               (SELECT description FROM pg_description WHERE objoid = c.oid AND classoid = 'pg_class'::regclass AND objsubid = a.attnum),
               a.attstattarget, a.attacl) AS line
          FROM mine c
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attrelid >= 16384 AND a.attnum > 0 AND NOT a.attisdropped
         WHERE c.relkind IN ('r', 'p', 'v', 'm')
        UNION ALL
        SELECT 2, indexrelid::regclass::text, pg_get_indexdef(indexrelid) || ' valid ' || indisvalid
          FROM pg_index WHERE indrelid IN (SELECT oid FROM mine)
        UNION ALL
        SELECT 3, conname::text, format('%s on %s: %s', conname, conrelid::regclass, pg_get_constraintdef(oid))
          FROM pg_constraint WHERE conrelid <> 0 AND contype <> 'n' AND oid >= 16384
           AND connamespace NOT IN (SELECT oid FROM others)
        UNION ALL
        SELECT 4, tgname::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL
        SELECT 5, p.proname::text, p.oid::regprocedure::text FROM pg_proc p
         WHERE p.oid >= 16384 AND p.pronamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname LIKE 'pg\\_%' OR nspname = 'information_schema')
        UNION ALL
        SELECT 6, c.relname::text, format('%s.%s storage %s compression %s options %s collation %s', c.relname, a.attname,
               a.attstorage, a.attcompression, a.attoptions, CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation END)
          FROM mine c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attrelid >= 16384 JOIN pg_type t ON t.oid = a.atttypid
         WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
           AND (a.attstorage <> t.typstorage OR a.attcompression <> '' OR a.attoptions IS NOT NULL OR a.attcollation <> t.typcollation)
        UNION ALL
        SELECT 7, c.relname::text, format('%s %s options %s persistence %s tablespace %s identity %s security %s %s acl %s comment %s', c.relkind, c.relname,
               c.reloptions, c.relpersistence, (SELECT spcname FROM pg_tablespace WHERE oid = c.reltablespace), c.relreplident,
               c.relrowsecurity, c.relforcerowsecurity, c.relacl, d.description)
          FROM mine c LEFT JOIN pg_description d ON d.objoid = c.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0
         WHERE c.relkind IN ('r', 'p', 'i', 'I', 'v', 'm', 'S')
           AND (c.reloptions IS NOT NULL OR c.relpersistence <> 'p' OR c.reltablespace <> 0 OR c.relreplident NOT IN ('d', 'n')
                OR c.relrowsecurity OR c.relacl IS NOT NULL OR d.description IS NOT NULL)
        UNION ALL
        SELECT 8, c.relname::text, format('index %s clustered %s identity %s statistics %s', c.relname, i.indisclustered, i.indisreplident, s.targets)
          FROM mine c JOIN pg_index i ON i.indexrelid = c.oid,
               LATERAL (SELECT string_agg(attnum || ':' || attstattarget, ',' ORDER BY attnum) AS targets
                          FROM pg_attribute WHERE attrelid = c.oid AND attstattarget >= 0) AS s
         WHERE i.indisclustered OR i.indisreplident OR s.targets IS NOT NULL
        UNION ALL
        SELECT 9, c.conname::text, format('%s comment %s validated %s', c.conname, d.description, c.convalidated)
          FROM pg_constraint c LEFT JOIN pg_description d ON d.objoid = c.oid AND d.classoid = 'pg_constraint'::regclass AND d.objsubid = 0
         WHERE c.conrelid <> 0 AND c.oid >= 16384 AND c.connamespace NOT IN (SELECT oid FROM others) AND c.contype <> 'n'
           AND (NOT c.convalidated OR d.description IS NOT NULL)
        UNION ALL
        SELECT 10, tgname::text, format('%s on %s enabled %s', tgname, tgrelid::regclass, tgenabled)
          FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'
        UNION ALL
        SELECT 11, polname::text, format('policy %s on %s', polname, polrelid::regclass) FROM pg_policy
        UNION ALL
        SELECT 12, stxname::text, pg_get_statisticsobjdef(oid) FROM pg_statistic_ext
        UNION ALL
        SELECT 13, rulename::text, pg_get_ruledef(oid) FROM pg_rewrite WHERE oid >= 16384 AND ev_class IN (SELECT oid FROM mine)
        UNION ALL
        SELECT 14, c.relname::text, format('sequence %s of %s.%s', c.relname, d.refobjid::regclass, a.attname)
          FROM mine c JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')
          JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
         WHERE c.relkind = 'S'
      ) AS all_lines ORDER BY part, name, line
      """;

  private Catalogs() {}

  static String describe(JdbcClient jdbc) {
    return String.join("\n", jdbc.sql(LINES).query(String.class).list());
  }

  /** The lines in one order, without the triggers that keep both sides in step at an update. */
  static String sorted(String catalog) {
    return catalog
        .lines()
        .filter(it -> !it.contains("2_update_forward"))
        .filter(it -> !it.contains("1_update_back"))
        .filter(it -> !it.contains("1_update_old"))
        .sorted()
        .collect(Collectors.joining("\n"));
  }
}
