package dev.migrator.test.rehearsal;

import java.util.List;

/**
 * Queries of a catalog, each of whose rows is a statement that makes one thing anew. No row of a
 * table is read. Names are qualified, as the search path is empty.
 */
final class CatalogSql {

  private static final String OWN =
      "n.nspname NOT IN ('pg_catalog', 'information_schema', 'migrator') AND n.nspname !~ '^pg_(toast|temp)'";

  /** Not what an extension brings. */
  private static final String FREE =
      """
      NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '%1$s'::regclass AND e.objid = %2$s.oid AND e.deptype = 'e')""";

  private static final String SCHEMAS =
      """
      SELECT format('CREATE SCHEMA IF NOT EXISTS %I', n.nspname) FROM pg_namespace n
       WHERE OWN AND FREE(pg_namespace, n) ORDER BY 1
      """;

  private static final String EXTENSIONS =
      """
      SELECT format('CREATE EXTENSION IF NOT EXISTS %I SCHEMA %I', e.extname, n.nspname)
        FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
       WHERE e.extname <> 'plpgsql' ORDER BY e.oid
      """;

  private static final String TYPES =
      """
      SELECT CASE t.typtype
               WHEN 'e' THEN format('CREATE TYPE %I.%I AS ENUM (%s)', n.nspname, t.typname,
                 (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid))
               WHEN 'c' THEN format('CREATE TYPE %I.%I AS (%s)', n.nspname, t.typname,
                 (SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
                    FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped))
               WHEN 'r' THEN
                 (SELECT format('CREATE TYPE %I.%I AS RANGE (SUBTYPE = %s%s%s)', n.nspname, t.typname, r.rngsubtype::regtype,
                           ', SUBTYPE_DIFF = ' || nullif(r.rngsubdiff, 0)::regproc, format(', MULTIRANGE_TYPE_NAME = %s', r.rngmultitypid::regtype))
                    FROM pg_range r WHERE r.rngtypid = t.oid)
               ELSE format('CREATE DOMAIN %I.%I AS %s%s%s%s', n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod),
                 (SELECT format(' COLLATE %I.%I', cn.nspname, l.collname) FROM pg_collation l
                    JOIN pg_namespace cn ON cn.oid = l.collnamespace JOIN pg_type b ON b.oid = t.typbasetype
                   WHERE l.oid = t.typcollation AND t.typcollation <> b.typcollation),
                 ' DEFAULT ' || pg_get_expr(t.typdefaultbin, 'pg_type'::regclass), CASE WHEN t.typnotnull THEN ' NOT NULL' END)
             END
        FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
       WHERE OWN AND FREE(pg_type, t)
         AND (t.typtype IN ('e', 'd', 'r')
              OR t.typtype = 'c' AND EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
       ORDER BY t.oid
      """;

  /** Of a sequence {@code s}. */
  private static final String OPTIONS =
      """
      format('INCREMENT %s MINVALUE %s MAXVALUE %s START %s CACHE %s %s', s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache,
             CASE WHEN s.seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END)""";

  /** Of the identity of a column {@code a}. */
  private static final String NUMBERS =
      """
      (SELECT format(' (SEQUENCE NAME %s %s)', s.seqrelid::regclass, OPTIONS)
         FROM pg_depend d JOIN pg_sequence s ON s.seqrelid = d.objid
        WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'i'
          AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum)""";

  /** Those of identities come with their columns. */
  private static final String SEQUENCES =
      """
      SELECT format('CREATE SEQUENCE %s AS %s %s', c.oid::regclass, s.seqtypid::regtype, OPTIONS)
        FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE OWN AND FREE(pg_class, c)
         AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i')
       ORDER BY c.oid
      """;

  private static final String ROUTINES =
      """
      SELECT pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
       WHERE OWN AND FREE(pg_proc, p) AND p.prokind <> 'a' ORDER BY p.oid
      """;

  /** With what cannot be added later; partitions as tables of their own, to be attached. */
  private static final String TABLES =
      """
      SELECT format('CREATE %sTABLE %s (%s)%s%s', CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' END, c.oid::regclass,
                    (SELECT string_agg(format('%I %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
                              (SELECT format(' COLLATE %I.%I', cn.nspname, l.collname) FROM pg_collation l
                                 JOIN pg_namespace cn ON cn.oid = l.collnamespace JOIN pg_type t ON t.oid = a.atttypid
                                WHERE l.oid = a.attcollation AND a.attcollation <> t.typcollation),
                              CASE WHEN a.attidentity <> '' AND c.relispartition THEN NULL
                                   WHEN a.attidentity = 'a' THEN ' GENERATED ALWAYS AS IDENTITY' || NUMBERS
                                   WHEN a.attidentity = 'd' THEN ' GENERATED BY DEFAULT AS IDENTITY' || NUMBERS
                                   WHEN a.attgenerated = 's' THEN format(' GENERATED ALWAYS AS (%s) STORED', pg_get_expr(d.adbin, d.adrelid))
                                   WHEN a.attgenerated = 'v' THEN format(' GENERATED ALWAYS AS (%s) VIRTUAL', pg_get_expr(d.adbin, d.adrelid)) END,
                              CASE WHEN a.attnotnull AND NOT EXISTS (SELECT FROM pg_constraint x WHERE x.conrelid = c.oid AND x.contype = 'n'
                                                                        AND NOT x.convalidated AND x.conkey = ARRAY[a.attnum]) THEN ' NOT NULL' END), ', ' ORDER BY a.attnum)
                       FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
                    ' PARTITION BY ' || pg_get_partkeydef(c.oid),
                    ' WITH (' || array_to_string(c.reloptions, ', ') || ')')
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE OWN AND FREE(pg_class, c) AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't' ORDER BY c.oid
      """;

  private static final String PARTITIONS =
      """
      SELECT CASE WHEN c.relispartition
                  THEN format('ALTER TABLE %s ATTACH PARTITION %s %s', i.inhparent::regclass, c.oid::regclass, pg_get_expr(c.relpartbound, c.oid))
                  ELSE format('ALTER TABLE %s INHERIT %s', c.oid::regclass, i.inhparent::regclass) END
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE OWN AND c.relkind IN ('r', 'p') ORDER BY c.oid, i.inhseqno
      """;

  private static final String DEFAULTS =
      """
      SELECT format('ALTER TABLE ONLY %s ALTER %I SET DEFAULT %s', c.oid::regclass, a.attname, pg_get_expr(d.adbin, d.adrelid))
        FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
       WHERE OWN AND FREE(pg_class, c) AND a.attgenerated = '' AND c.relkind IN ('r', 'p') ORDER BY c.oid, a.attnum
      """;

  private static final String OWNED =
      """
      SELECT format('ALTER SEQUENCE %s OWNED BY %s.%I', c.oid::regclass, d.refobjid::regclass, a.attname)
        FROM pg_depend d JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S' JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
       WHERE OWN AND d.classid = 'pg_class'::regclass AND d.deptype = 'a'
         AND (SELECT t.relkind FROM pg_class t WHERE t.oid = d.refobjid) IN ('r', 'p') ORDER BY c.oid
      """;

  /** One that is not validated can be added to a domain only. */
  private static final String DOMAINS =
      """
      SELECT format('ALTER DOMAIN %s ADD CONSTRAINT %I %s', t.oid::regtype, x.conname, pg_get_constraintdef(x.oid))
        FROM pg_constraint x JOIN pg_type t ON t.oid = x.contypid JOIN pg_namespace n ON n.oid = t.typnamespace
       WHERE OWN AND FREE(pg_type, t) AND x.contype = 'c' ORDER BY x.oid
      """;

  /** Those that refer to a key come behind all keys, and a validity as it is. */
  private static final String CONSTRAINTS =
      """
      SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', x.conrelid::regclass, x.conname, pg_get_constraintdef(x.oid))
        FROM pg_constraint x JOIN pg_class c ON c.oid = x.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE OWN AND FREE(pg_class, c) AND c.relkind IN ('r', 'p') AND x.conparentid = 0 AND x.conislocal
         AND (x.contype IN ('p', 'u', 'x', 'c', 'f') OR x.contype = 'n' AND NOT x.convalidated)
       ORDER BY x.contype = 'f', x.contype = 'c', x.oid
      """;

  private static final String INDEXES =
      """
      SELECT CASE c.relkind WHEN 'I' THEN regexp_replace(pg_get_indexdef(c.oid), ' ON ONLY ', ' ON ') ELSE pg_get_indexdef(c.oid) END
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE OWN AND FREE(pg_class, c) AND i.indisvalid
         AND NOT EXISTS (SELECT FROM pg_constraint x WHERE x.conindid = i.indexrelid AND x.contype IN ('p', 'u', 'x'))
         AND NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = i.indexrelid)
         AND (SELECT t.relkind FROM pg_class t WHERE t.oid = i.indrelid) IN ('r', 'p', 'm')
       ORDER BY c.oid
      """;

  private static final String VIEWS =
      """
      SELECT format('CREATE %sVIEW %s%s AS %s%s', CASE c.relkind WHEN 'm' THEN 'MATERIALIZED ' END, c.oid::regclass,
                    ' WITH (' || array_to_string(c.reloptions, ', ') || ')', rtrim(pg_get_viewdef(c.oid), ';'),
                    CASE c.relkind WHEN 'm' THEN ' WITH NO DATA' END)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE OWN AND FREE(pg_class, c) AND c.relkind IN ('v', 'm') ORDER BY c.oid
      """;

  private static final String TRIGGERS =
      """
      SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t
        JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE OWN AND FREE(pg_class, c) AND c.relkind <> 'f' AND NOT t.tgisinternal AND t.tgparentid = 0 ORDER BY t.oid
      """;

  private static final String RULES =
      """
      SELECT pg_get_ruledef(r.oid) FROM pg_rewrite r
        JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE OWN AND FREE(pg_class, c) AND r.rulename <> '_RETURN' ORDER BY r.oid
      """;

  private static final String STATISTICS =
      """
      SELECT pg_get_statisticsobjdef(s.oid) FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace
       WHERE OWN ORDER BY s.oid
      """;

  /** In an order in which most need nothing that comes later. */
  static final List<String> ALL =
      List.of(
              SCHEMAS,
              EXTENSIONS,
              TYPES,
              SEQUENCES,
              ROUTINES,
              DOMAINS,
              TABLES,
              PARTITIONS,
              DEFAULTS,
              OWNED,
              CONSTRAINTS,
              INDEXES,
              VIEWS,
              TRIGGERS,
              RULES,
              STATISTICS)
          .stream()
          .map(CatalogSql::spelledOut)
          .toList();

  private CatalogSql() {}

  private static String spelledOut(String query) {
    return query
        .replace("NUMBERS", NUMBERS)
        .replace("OPTIONS", OPTIONS)
        .replaceAll("FREE\\((\\w+), (\\w+)\\)", FREE.replace("%1$s", "$1").replace("%2$s", "$2"))
        .replaceAll("\\bOWN\\b", OWN.replace("$", "\\$"));
  }
}
