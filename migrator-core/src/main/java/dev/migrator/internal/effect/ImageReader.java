package dev.migrator.internal.effect;

import dev.migrator.internal.effect.CatalogObject.Kind;
import dev.migrator.internal.sql.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reads the catalog by one statement that takes no lock on any table of the user's. What the
 * transaction has changed so far is in it.
 */
public final class ImageReader {

  /** A condition by which what is read can be limited. */
  private static final String PART = "<[a-z.]+ is of \\w+>";

  /** A column that is dropped. */
  static final String GONE = "GONE";

  /**
   * Definitions are compared as they are stored: to write them as SQL, the server would lock the
   * tables, and it takes ten times as long.
   */
  private static final String SQL =
      """
      WITH <changed>space AS <materialized> (
        SELECT oid, quote_ident(nspname) AS name, nspname, nspacl, nspowner, xmin FROM pg_catalog.pg_namespace
         WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('information_schema', 'migrator')
      ), relation AS <materialized> (
        SELECT c.oid, s.name || '.' || quote_ident(c.relname) AS name, c.relkind, c.relfilenode, c.relacl, c.relowner,
               c.relrowsecurity, c.relforcerowsecurity, c.xmin,
               CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'VIEW' WHEN 'S' THEN 'SEQUENCE'
                              WHEN 'c' THEN 'COMPOSITE' ELSE 'TABLE' END AS kind
          FROM pg_catalog.pg_class c JOIN space s ON s.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c')<scope>
      )
      SELECT kind, '' AS parent, name, oid::text AS identity, relkind::text AS shape,
             relowner::text || ' '
               || coalesce((SELECT string_agg(inhparent::text, ',' ORDER BY inhparent)
                              FROM pg_catalog.pg_inherits WHERE inhrelid = relation.oid), '') AS detail,
             CASE WHEN relrowsecurity THEN 'R' ELSE '' END || CASE WHEN relforcerowsecurity THEN 'F' ELSE '' END AS flags,
             CASE WHEN relkind IN ('r', 'm') THEN relfilenode::text ELSE '' END AS file, relacl::text AS privileges,
             age(xmin) AS age
        FROM relation
       WHERE <oid is of classes>
      UNION ALL
      SELECT CASE WHEN a.attisdropped THEN 'GONE' ELSE 'COLUMN' END, r.name, quote_ident(a.attname), a.attnum::text, format_type(a.atttypid, a.atttypmod),
             coalesce(d.adbin::text, '') || a.attcollation::text,
             CASE WHEN a.attnotnull THEN 'N' ELSE '' END
               || CASE WHEN a.attgenerated <> '' THEN 'G' WHEN a.atthasdef THEN 'D' ELSE '' END
               || CASE a.attidentity WHEN 'a' THEN 'A' WHEN 'd' THEN 'I' ELSE '' END,
             '', a.attacl::text, age(a.xmin)
        FROM relation r JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND <not a.attisdropped>
        LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
       WHERE r.relkind <> 'S' AND <r.oid is of attributes> AND <a.attrelid is of attributes><newer>
      UNION ALL
      SELECT 'CONSTRAINT', coalesce(r.name, t.name), quote_ident(k.conname), k.oid::text,
             coalesce(array_to_string(k.conkey, ','), ''), coalesce(k.conbin::text, '') || k.confrelid || k.convalidated
               || CASE WHEN k.contype = 'f' THEN concat_ws(' ', '', k.confkey, k.confupdtype, k.confdeltype, k.confmatchtype) ELSE '' END
               || coalesce(' ' || k.conexclop::text, ''),
             upper(k.contype::text)
               -- From PostgreSQL 18 on; before, and for other kinds, each is.
               || CASE WHEN k.contype IN ('c', 'f') AND to_jsonb(k) ->> 'conenforced' = 'false' THEN '' ELSE 'E' END
               || CASE WHEN k.condeferrable THEN 'D' ELSE '' END || CASE WHEN k.condeferred THEN 'L' ELSE '' END, '', NULL, age(k.xmin)
        FROM pg_catalog.pg_constraint k LEFT JOIN relation r ON r.oid = k.conrelid
        LEFT JOIN (SELECT y.oid, s.name || '.' || quote_ident(y.typname) AS name
                     FROM pg_catalog.pg_type y JOIN space s ON s.oid = y.typnamespace) t ON t.oid = k.contypid AND k.contypid <> 0
       WHERE k.contype IN ('c', 'u', 'p', 'f', 'x') AND coalesce(r.name, t.name) IS NOT NULL AND k.conparentid = 0 AND <k.oid is of constraints>
      UNION ALL
      SELECT 'INDEX', r.name, quote_ident(i.relname), i.oid::text, x.indkey::text,
             i.relam::text || x.indisvalid
               || CASE WHEN x.indisunique
                       THEN concat_ws(' ', '', x.indclass, x.indcollation, to_jsonb(x) ->> 'indnullsnotdistinct',
                                      regexp_replace(concat_ws(' ', x.indexprs, x.indpred), ':location -?\\d+', '', 'g'))
                       ELSE '' END,
             CASE WHEN x.indisunique THEN 'U' ELSE '' END
               || CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = i.oid AND k.contype IN ('u', 'p', 'x')) THEN 'C' ELSE '' END,
             '', NULL, age(x.xmin)
        FROM relation r JOIN pg_catalog.pg_index x ON x.indrelid = r.oid JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
       WHERE <i.oid is of indexes>
      UNION ALL
      SELECT 'FUNCTION', '', s.name || '.' || quote_ident(p.proname) || '(' || oidvectortypes(p.proargtypes) || ')', p.oid::text,
             p.prokind::text || p.proretset || format_type(p.prorettype, NULL), p.prosecdef || md5(coalesce(p.prosrc, '')) || coalesce(p.probin, ''),
             '', '', coalesce(p.proacl::text, 'public'), age(p.xmin)
        FROM pg_catalog.pg_proc p JOIN space s ON s.oid = p.pronamespace
       WHERE <p.oid is of functions> AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e')
      UNION ALL
      SELECT 'TYPE', '', s.name || '.' || quote_ident(t.typname), t.oid::text, t.typtype::text || format_type(t.typbasetype, t.typtypmod),
             coalesce((SELECT string_agg(quote_ident(enumlabel), ',' ORDER BY enumsortorder) FROM pg_catalog.pg_enum WHERE enumtypid = t.oid), ''),
             CASE WHEN t.typnotnull THEN 'N' ELSE '' END, '', coalesce(t.typacl::text, 'public'), age(t.xmin)
        FROM pg_catalog.pg_type t JOIN space s ON s.oid = t.typnamespace
       WHERE t.typtype IN ('e', 'd', 'r') AND <t.oid is of types>
      UNION ALL
      SELECT 'TRIGGER', r.name, quote_ident(g.tgname), g.oid::text, g.tgtype::text || g.tgattr::text, g.tgfoid::text,
             CASE WHEN g.tgenabled IN ('O', 'A') THEN 'E' ELSE '' END, '', NULL, age(g.xmin)
        FROM relation r JOIN pg_catalog.pg_trigger g ON g.tgrelid = r.oid AND NOT g.tgisinternal
       WHERE <g.oid is of triggers>
      UNION ALL
      SELECT 'POLICY', r.name, quote_ident(p.polname), p.oid::text, p.polpermissive || p.polcmd::text || p.polroles::text,
             coalesce(p.polqual::text, '') || coalesce(p.polwithcheck::text, ''), '', '', NULL, age(p.xmin)
        FROM relation r JOIN pg_catalog.pg_policy p ON p.polrelid = r.oid
       WHERE <p.oid is of policies>
      UNION ALL
      SELECT 'RULE', r.name, quote_ident(w.rulename), w.oid::text, w.ev_type::text,
             -- Not as text: the server would lock the table for that.
             md5(regexp_replace(concat_ws(' ', w.is_instead, w.ev_qual, w.ev_action), ':(location|stmt_location|stmt_len) -?\\d+', '', 'g')),
             CASE WHEN w.ev_enabled IN ('O', 'A') THEN 'E' ELSE '' END, '', NULL, age(w.xmin)
        FROM relation r JOIN pg_catalog.pg_rewrite w ON w.ev_class = r.oid AND w.rulename <> '_RETURN'
       WHERE <w.oid is of rules>
      UNION ALL
      SELECT 'SCHEMA', '', name, oid::text, '', nspowner::text, '', '', nspacl::text, age(xmin) FROM space WHERE <oid is of spaces>
      UNION ALL
      SELECT 'EXTENSION', '', quote_ident(extname), oid::text, '', extversion, '', '', NULL, age(xmin)
        FROM pg_catalog.pg_extension WHERE <oid is of extensions>
      """;

  private static final String WHOLE =
      SQL.replace("<changed>", "")
          .replace("<materialized>", "MATERIALIZED")
          .replace("<newer>", "")
          .replace("<not a.attisdropped>", "NOT a.attisdropped");

  private static final String ALL = WHOLE.replace("<scope>", "").replaceAll(PART, "true");

  private static final String SCOPED = WHOLE.replace("<scope>", " AND c.oid = ANY (?::oid[])");

  private static final String BESIDE_THE_REST = SCOPED.replaceAll(PART, "true");

  /** Without what belongs to no table, which has to be read as a whole. */
  private static final String ALONE =
      SCOPED
          .replaceAll("<[a-z.]+ is of (functions|types|spaces|extensions)>", "false")
          .replace("<k.oid is of constraints>", "r.oid IS NOT NULL")
          .replaceAll(PART, "true");

  /**
   * The same of some only.
   *
   * @param which queries with names, of which one is named {@code changed} and has one row with the
   *     numbers of what is to be read
   * @param columns which of the columns
   */
  static String of(String which, String columns) {
    return SQL.replace("<changed>", which + ", ")
        .replace("<scope>", "")
        .replace("<materialized>", "NOT MATERIALIZED")
        .replace("<newer>", " AND " + columns)
        .replace("<not a.attisdropped>", "true")
        .replaceAll(
            "<([a-z.]+) is of (\\w+)>", "$1 = ANY ((SELECT changed.$2 FROM changed)::oid[])");
  }

  private final Database database;

  public ImageReader(Database database) {
    this.database = database;
  }

  /** Reads it in the transaction at hand. */
  public CatalogImage read() {
    // Prepared, since planning it takes longer than running it.
    return read(database.jdbc().sql(ALL));
  }

  /** The same of some tables and views, beside what belongs to none of them. */
  public CatalogImage read(Collection<Long> relations) {
    return read(database.jdbc().sql(BESIDE_THE_REST).param(array(relations)));
  }

  /** The same of some tables and views only. */
  public CatalogImage readOnly(Collection<Long> relations) {
    return read(database.jdbc().sql(ALONE).param(array(relations)));
  }

  private static String array(Collection<Long> oids) {
    return oids.stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
  }

  private static CatalogImage read(JdbcClient.StatementSpec query) {
    return new CatalogImage(query.query((rs, row) -> object(rs, rs.getString("kind"))).list());
  }

  static CatalogObject object(ResultSet rs, String kind) throws SQLException {
    return new CatalogObject(
        Kind.valueOf(kind),
        rs.getString("parent"),
        rs.getString("name"),
        rs.getString("identity"),
        rs.getString("shape"),
        rs.getString("detail"),
        rs.getString("flags"),
        rs.getString("file"),
        rs.getString("privileges"));
  }
}
