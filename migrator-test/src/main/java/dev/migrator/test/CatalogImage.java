package dev.migrator.test;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import javax.sql.DataSource;

/**
 * What the catalog says of everything that users have made in a database, at one moment: tables,
 * columns, defaults, constraints, indexes, views, sequences, types, functions, triggers, rules,
 * policies, statistics, extensions, publications, comments, owners and privileges. Not compared are
 * the order of columns, which no down can restore, the rows, and the schema {@code migrator}.
 *
 * <pre>{@code
 * CatalogImage fresh = CatalogImage.of(freshDatabase.dataSource());
 * CatalogImage production = CatalogImage.of(copyOfProduction.dataSource());
 * assertThat(fresh.differences(production)).isEmpty();
 * }</pre>
 *
 * @param lines one for each thing that can be told apart
 */
public record CatalogImage(SortedSet<String> lines) {

  private static final String OWN =
      "NOT IN ('pg_catalog', 'information_schema', 'migrator') AND n.nspname !~ '^pg_(toast|temp)'";

  /** Not those of extensions: these stand for them. */
  private static final String FREE =
      """
      NOT EXISTS (SELECT FROM pg_catalog.pg_depend e
                   WHERE e.classid = '%s'::regclass AND e.objid = %s.oid AND e.deptype = 'e')""";

  private static final List<String> QUERIES =
      List.of(
          """
          SELECT format('schema %%s owner %%s privileges %%s', n.nspname, n.nspowner::regrole, privileges(n.nspacl))
            FROM pg_namespace n WHERE n.nspname %s
          """
              .formatted(OWN),
          """
          SELECT format('%%s %%s owner %%s persistence %%s options %%s access %%s partition %%s of %%s security %%s%%s replica %%s tablespace %%s privileges %%s comment %%s',
                        CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'v' THEN 'view'
                             WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'foreign table'
                             WHEN 'c' THEN 'composite type' ELSE c.relkind::text END,
                        c.oid::regclass, c.relowner::regrole, c.relpersistence, c.reloptions,
                        (SELECT amname FROM pg_am WHERE oid = c.relam), pg_get_expr(c.relpartbound, c.oid),
                        (SELECT string_agg(i.inhparent::regclass::text, ',' ORDER BY i.inhseqno) FROM pg_inherits i WHERE i.inhrelid = c.oid),
                        c.relrowsecurity, c.relforcerowsecurity, c.relreplident,
                        (SELECT spcname FROM pg_tablespace WHERE oid = c.reltablespace),
                        privileges(c.relacl), obj_description(c.oid, 'pg_class'))
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c') AND n.nspname %s AND %s
          """
              .formatted(OWN, FREE.formatted("pg_class", "c")),
          """
          SELECT format('column %%s.%%s type %%s collation %%s not null %%s default %%s identity %%s generated %%s storage %%s statistics %%s options %%s privileges %%s comment %%s',
                        c.oid::regclass, quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
                        (SELECT collname FROM pg_collation WHERE oid = a.attcollation), a.attnotnull,
                        pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated, a.attstorage,
                        nullif(a.attstattarget::int, -1), a.attoptions, privileges(a.attacl), col_description(c.oid, a.attnum))
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
           WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND n.nspname %s AND %s
          """
              .formatted(OWN, FREE.formatted("pg_class", "c")),
          """
          SELECT format('constraint %%s of %%s %%s validated %%s inherited %%s comment %%s', quote_ident(x.conname),
                        coalesce(nullif(x.conrelid, 0)::regclass::text, x.contypid::regtype::text),
                        pg_get_constraintdef(x.oid), x.convalidated, x.coninhcount, obj_description(x.oid, 'pg_constraint'))
            FROM pg_constraint x JOIN pg_namespace n ON n.oid = x.connamespace
           WHERE n.nspname %s AND x.contype <> 'n'
          """
              .formatted(OWN),
          """
          SELECT format('index %%s valid %%s clustered %%s replica identity %%s tablespace %%s comment %%s statistics %%s',
                        pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisclustered, i.indisreplident,
                        (SELECT spcname FROM pg_tablespace WHERE oid = c.reltablespace), obj_description(c.oid, 'pg_class'),
                        (SELECT string_agg(nullif(a.attstattarget::int, -1)::text, ',' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid))
            FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname %s
          """
              .formatted(OWN),
          """
          SELECT format('definition of %%s: %%s', c.oid::regclass, pg_get_viewdef(c.oid))
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE c.relkind IN ('v', 'm') AND n.nspname %s AND %s
          """
              .formatted(OWN, FREE.formatted("pg_class", "c")),
          """
          SELECT format('sequence %%s type %%s start %%s increment %%s from %%s to %%s cache %%s cycle %%s owned by %%s', c.oid::regclass,
                        s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle,
                        (SELECT string_agg(d.refobjid::regclass || '.' || a.attname, ',') FROM pg_depend d
                           JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                          WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')))
            FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname %s
          """
              .formatted(OWN),
          """
          SELECT format('type %%s kind %%s owner %%s base %%s not null %%s default %%s labels %%s privileges %%s comment %%s', t.oid::regtype, t.typtype,
                        t.typowner::regrole, nullif(t.typbasetype, 0)::regtype, t.typnotnull,
                        coalesce(pg_get_expr(t.typdefaultbin, 'pg_type'::regclass), t.typdefault),
                        (SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid),
                        privileges(t.typacl), obj_description(t.oid, 'pg_type'))
            FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
           WHERE t.typtype IN ('e', 'd', 'r', 'b') AND t.typcategory <> 'A' AND n.nspname %s AND %s
          """
              .formatted(OWN, FREE.formatted("pg_type", "t")),
          """
          SELECT format('routine %%s owner %%s %%s privileges %%s comment %%s', p.oid::regprocedure, p.proowner::regrole,
                        CASE WHEN p.prokind = 'a' THEN 'aggregate' ELSE pg_get_functiondef(p.oid) END,
                        privileges(p.proacl), obj_description(p.oid, 'pg_proc'))
            FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname %s AND %s
          """
              .formatted(OWN, FREE.formatted("pg_proc", "p")),
          """
          SELECT format('trigger %%s enabled %%s comment %%s', pg_get_triggerdef(t.oid), t.tgenabled, obj_description(t.oid, 'pg_trigger'))
            FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE NOT t.tgisinternal AND n.nspname %s
          """
              .formatted(OWN),
          """
          SELECT format('rule %%s enabled %%s', pg_get_ruledef(r.oid), r.ev_enabled)
            FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE r.rulename <> '_RETURN' AND n.nspname %s
          """
              .formatted(OWN),
          """
          SELECT format('policy %%s of %%s for %%s permissive %%s to %%s using %%s check %%s', quote_ident(p.polname), p.polrelid::regclass, p.polcmd,
                        p.polpermissive, p.polroles::regrole[], pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
            FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname %s
          """
              .formatted(OWN),
          """
          SELECT format('statistics %%s', pg_get_statisticsobjdef(s.oid))
            FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE n.nspname %s
          """
              .formatted(OWN),
          "SELECT format('extension %s version %s', extname, extversion) FROM pg_extension",
          """
          SELECT format('publication %s all tables %s of %s publishes %s%s%s%s', p.pubname, p.puballtables,
                        (SELECT string_agg(r.prrelid::regclass::text, ',' ORDER BY r.prrelid::regclass::text)
                           FROM pg_publication_rel r WHERE r.prpubid = p.oid),
                        p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate) FROM pg_publication p
          """,
          "SELECT format('event trigger %s on %s calls %s enabled %s', evtname, evtevent, evtfoid::regprocedure, evtenabled) FROM pg_event_trigger",
          """
          SELECT format('default privileges of %s in %s for %s: %s', defaclrole::regrole, nullif(defaclnamespace, 0)::regnamespace, defaclobjtype, privileges(defaclacl))
            FROM pg_default_acl
          """);

  /** Whose order may differ. */
  private static final String PRIVILEGES =
      "(SELECT string_agg(g::text, ',' ORDER BY g::text) FROM unnest($1) AS g)";

  public CatalogImage {
    lines = Collections.unmodifiableSortedSet(new TreeSet<>(lines));
  }

  /**
   * Looks at a database.
   *
   * @throws IllegalStateException if it does not answer
   */
  public static CatalogImage of(DataSource dataSource) {
    try (Connection connection = dataSource.getConnection()) {
      return of(connection);
    } catch (SQLException ex) {
      throw new IllegalStateException("the catalog cannot be read: " + ex.getMessage(), ex);
    }
  }

  /** In one snapshot, and with every name qualified. */
  static CatalogImage of(Connection connection) throws SQLException {
    SortedSet<String> lines = new TreeSet<>();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
      statement.execute("SET LOCAL search_path = ''");
      for (String query : QUERIES) {
        try (ResultSet rs = statement.executeQuery(spelledOut(query))) {
          while (rs.next()) {
            lines.add(rs.getString(1));
          }
        }
      }
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
    return new CatalogImage(lines);
  }

  private static String spelledOut(String query) {
    return query.replaceAll("privileges\\(([a-z.]+)\\)", PRIVILEGES);
  }

  /**
   * How another database, or the same one later, differs.
   *
   * @return what is here only, with a minus, and what is there only, with a plus; empty if nothing
   *     differs
   */
  public List<String> differences(CatalogImage other) {
    List<String> differences = new ArrayList<>();
    lines.stream()
        .filter(it -> !other.lines.contains(it))
        .forEach(it -> differences.add("- " + it));
    other.lines.stream()
        .filter(it -> !lines.contains(it))
        .forEach(it -> differences.add("+ " + it));
    return differences;
  }
}
