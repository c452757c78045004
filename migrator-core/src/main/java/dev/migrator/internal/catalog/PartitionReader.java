package dev.migrator.internal.catalog;

import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Identifiers;
import java.util.Collection;
import java.util.List;

/**
 * Reads how the partitions of a table differ from it. A migration alters the table and reaches its
 * partitions by inheritance, so objects of a single partition would be missed. For use in
 * transactions.
 */
public final class PartitionReader {

  private static final String PARTITIONS =
      """
      WITH RECURSIVE part(oid) AS (
        SELECT inhrelid FROM pg_inherits WHERE inhparent = :table::oid
        UNION ALL SELECT i.inhrelid FROM part p JOIN pg_inherits i ON i.inhparent = p.oid)
      """;

  private static final String NAME =
      "c.relnamespace::regnamespace || '.' || quote_ident(c.relname)";

  private final Database database;

  public PartitionReader(Database database) {
    this.database = database;
  }

  /** The partitions that cannot be worked on at all, each with the reason. */
  public List<String> unusable(long table) {
    return texts(
        PARTITIONS
            + """
            SELECT %s || CASE
                     WHEN c.relkind = 'f' THEN ' is a foreign table'
                     WHEN NOT pg_has_role(c.relowner, 'USAGE') THEN ' belongs to ' || quote_ident(pg_get_userbyid(c.relowner))
                     ELSE ' has row security that hides rows from this role' END
              FROM part p JOIN pg_class c ON c.oid = p.oid
             WHERE c.relkind = 'f' OR NOT pg_has_role(c.relowner, 'USAGE') OR row_security_active(c.oid)
             ORDER BY 1
            """
                .formatted(NAME),
        table,
        List.of());
  }

  /** What partitions have on these columns that they do not have from the table. */
  public List<String> own(long table, Collection<String> columns) {
    return texts(
        PARTITIONS
            + """
            , cols AS (
              SELECT a.attrelid, a.attnum, a.attname, a.attnotnull, a.attacl,
                     pg_get_expr(d.adbin, d.adrelid) AS default_expression
                FROM (SELECT oid FROM part UNION ALL SELECT :table::oid) AS p
                JOIN pg_attribute a ON a.attrelid = p.oid
                LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
               WHERE a.attname = ANY (:columns) AND NOT a.attisdropped)
            SELECT o.what || ' of the partition ' || %s
              FROM cols k JOIN cols r ON r.attrelid = :table::oid AND r.attname = k.attname
              JOIN pg_class c ON c.oid = k.attrelid,
              LATERAL (
                SELECT 'the default of ' || quote_ident(k.attname)
                 WHERE k.default_expression IS DISTINCT FROM r.default_expression
                UNION ALL
                SELECT 'the NOT NULL of ' || quote_ident(k.attname) WHERE k.attnotnull <> r.attnotnull
                UNION ALL
                SELECT 'the grants on ' || quote_ident(k.attname) WHERE k.attacl IS NOT NULL
                UNION ALL
                SELECT pg_describe_object(d.classid, d.objid, 0) FROM pg_depend d
                 WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = k.attrelid AND d.refobjsubid = k.attnum
                   AND NOT (d.classid = 'pg_class'::regclass
                            AND EXISTS (SELECT FROM pg_class i WHERE i.oid = d.objid
                                         AND (i.relispartition OR i.oid = k.attrelid)))
                   AND NOT (d.classid = 'pg_constraint'::regclass
                            AND EXISTS (SELECT FROM pg_constraint n WHERE n.oid = d.objid
                                         AND (n.conparentid <> 0 OR n.coninhcount > 0 OR n.contype = 'n')))
                   AND NOT (d.classid = 'pg_trigger'::regclass
                            AND EXISTS (SELECT FROM pg_trigger g WHERE g.oid = d.objid
                                         AND (g.tgparentid <> 0 OR g.tgname LIKE '~migrator\\_%%')))
                   AND NOT (d.classid = 'pg_attrdef'::regclass
                            AND EXISTS (SELECT FROM pg_attrdef f JOIN pg_attribute b ON b.attrelid = f.adrelid AND b.attnum = f.adnum
                                         WHERE f.oid = d.objid AND (b.attname = k.attname OR b.attinhcount > 0)))
                ) AS o(what)
             WHERE k.attrelid <> :table::oid
             ORDER BY 1 LIMIT 20
            """
                .formatted(NAME),
        table,
        columns);
  }

  /** The partitions in which a column is NOT NULL, where the table has it nullable. */
  public List<String> notNull(long table, String column) {
    return texts(
        PARTITIONS
            + """
            SELECT 'the NOT NULL of the partition ' || %s
              FROM part p JOIN pg_class c ON c.oid = p.oid
              JOIN pg_attribute a ON a.attrelid = p.oid AND a.attname = ANY (:columns) AND a.attnotnull
             WHERE NOT EXISTS (SELECT FROM pg_attribute r
                                WHERE r.attrelid = :table::oid AND r.attname = ANY (:columns) AND r.attnotnull)
             ORDER BY 1 LIMIT 20
            """
                .formatted(NAME),
        table,
        List.of(column));
  }

  /** The partitions that have a constraint of that name, where the table has none. */
  public List<String> constraints(long table, String name) {
    return texts(
        PARTITIONS
            + """
            SELECT 'the constraint ' || quote_ident(n.conname) || ' of the partition ' || %s
              FROM part p JOIN pg_class c ON c.oid = p.oid
              JOIN pg_constraint n ON n.conrelid = p.oid AND n.conname = ANY (:columns)
             WHERE NOT EXISTS (SELECT FROM pg_constraint r
                                WHERE r.conrelid = :table::oid AND r.conname = ANY (:columns))
             ORDER BY 1 LIMIT 20
            """
                .formatted(NAME),
        table,
        List.of(name));
  }

  /** The user's BEFORE ROW triggers of partitions that fire behind those whose names begin so. */
  public List<String> triggersBehind(long table, String prefix) {
    return texts(
        PARTITIONS
            + """
            SELECT g.tgname || ' of the partition ' || %s
              FROM part p JOIN pg_class c ON c.oid = p.oid JOIN pg_trigger g ON g.tgrelid = p.oid
             WHERE g.tgparentid = 0 AND NOT g.tgisinternal AND g.tgtype & 3 = 3
               AND NOT starts_with(g.tgname::text, %s)
               AND g.tgname::text COLLATE "C" > %s COLLATE "C"
             ORDER BY 1
            """
                .formatted(NAME, Identifiers.literal(prefix), Identifiers.literal(prefix)),
        table,
        List.of());
  }

  private List<String> texts(String sql, long table, Collection<String> columns) {
    return database
        .jdbc()
        .sql(sql)
        .param("table", table)
        .param("columns", columns.toArray(String[]::new))
        .query(String.class)
        .list();
  }
}
