package dev.migrator.internal.engine;

import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The user's part of the catalog as text: two equal texts are two equal schemas. */
final class Catalogs {

  private Catalogs() {}

  static String describe(JdbcClient jdbc) {
    return String.join(
        "\n",
        jdbc.sql(
                """
                SELECT line FROM (
                  SELECT 1 AS part, c.relname::text AS name, format('%s.%s %s %s%s default %s comment %s stats %s acl %s',
                         c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                         CASE WHEN a.attnotnull THEN 'not null ' ELSE '' END, a.attidentity,
                         pg_get_expr(d.adbin, d.adrelid), col_description(c.oid, a.attnum), a.attstattarget, a.attacl) AS line
                    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
                   WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'migrator')
                     AND c.relkind IN ('r', 'p', 'v', 'm')
                  UNION ALL
                  SELECT 2, indexrelid::regclass::text, pg_get_indexdef(indexrelid) || ' valid ' || indisvalid
                    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
                   WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'migrator')
                  UNION ALL
                  SELECT 3, conname::text, format('%s on %s: %s', conname, conrelid::regclass, pg_get_constraintdef(oid))
                    FROM pg_constraint WHERE conrelid <> 0 AND contype <> 'n'
                     AND connamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname LIKE 'pg\\_%' OR nspname IN ('information_schema', 'migrator'))
                  UNION ALL
                  SELECT 4, tgname::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
                  UNION ALL
                  SELECT 5, p.proname::text, p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                   WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
                ) AS all_lines ORDER BY part, name, line
                """)
            .query(String.class)
            .list());
  }

  /** The lines in one order, without the triggers that keep both sides in step at an update. */
  static String sorted(String catalog) {
    return catalog
        .lines()
        .filter(it -> !it.contains("2_update_forward"))
        .filter(it -> !it.contains("1_update_back"))
        .sorted()
        .collect(Collectors.joining("\n"));
  }
}
