package dev.migrator.internal.catalog;

import dev.migrator.TableName;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Identifiers;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads the system catalog. Takes no lock that an application could notice. */
public final class CatalogReader {

  /**
   * {@code exact}: the default btree operator class of the type declares (support function 4) that
   * equal values are the same bytes. The interval type declared it by mistake before PostgreSQL
   * 16.1. Of a type that is not the server's own, what {@code =} means is looked up on a path.
   * {@code attnotnull}: from 18 on it is true also for a NOT NULL that is not validated yet.
   */
  private static final String COLUMNS =
      """
      SELECT a.attname,
             format_type(a.atttypid, a.atttypmod) AS type,
             a.attnotnull AND NOT EXISTS (
               SELECT FROM pg_constraint n
                WHERE n.conrelid = a.attrelid AND n.contype = 'n' AND n.conkey[1] = a.attnum
                  AND NOT n.convalidated) AS attnotnull,
             pg_get_expr(d.adbin, d.adrelid) AS default_expression,
             coalesce(d.adbin::text !~ '\\{(VAR|SQLVALUEFUNCTION|NEXTVALUEEXPR|COERCEVIAIO|SUBLINK)'
                      AND NOT EXISTS (
                        SELECT FROM regexp_matches(d.adbin::text, ':(?:funcid|opfuncid|elemfuncid) (\\d+)', 'g') AS m
                          JOIN pg_proc f ON f.oid = m[1]::oid WHERE f.provolatile <> 'i'), false) AS constant_default,
             CASE WHEN a.attidentity <> '' THEN 'IDENTITY'
                  WHEN a.attgenerated <> '' THEN 'GENERATED'
                  ELSE 'PLAIN' END AS kind,
             t.oid <> 'interval'::regtype AND t.typnamespace = 'pg_catalog'::regnamespace
               AND (a.attcollation = 0
                    OR (SELECT c.collisdeterministic FROM pg_collation c WHERE c.oid = a.attcollation))
               AND EXISTS (
                 SELECT FROM pg_opclass o
                   JOIN pg_amproc p ON p.amprocfamily = o.opcfamily AND p.amprocnum = 4
                    AND p.amproclefttype = o.opcintype AND p.amprocrighttype = o.opcintype
                  WHERE o.opcdefault AND o.opcmethod = (SELECT oid FROM pg_am WHERE amname = 'btree')
                    AND (o.opcintype = t.oid
                         OR (t.oid = 'varchar'::regtype AND o.opcintype = 'text'::regtype))
               ) AS exact,
             CASE WHEN a.attcollation <> t.typcollation
                  THEN (SELECT c.collnamespace::regnamespace || '.' || quote_ident(c.collname)
                          FROM pg_collation c WHERE c.oid = a.attcollation) END AS collation,
             col_description(a.attrelid, a.attnum) AS comment
        FROM pg_attribute a
        JOIN pg_type t ON t.oid = a.atttypid
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
       WHERE a.attrelid = ?::oid AND a.attnum > 0 AND NOT a.attisdropped
       ORDER BY a.attnum
      """;

  private final Database database;

  public CatalogReader(Database database) {
    this.database = database;
  }

  /** The table of that name; without a schema, the first one on the search path. */
  public Optional<TableFacts> table(TableName name) {
    String regclass =
        (name.schema() == null)
            ? Identifiers.quote(name.name())
            : Identifiers.quote(name.schema(), name.name());
    return database
        .jdbc()
        .sql(
            """
            SELECT c.oid, n.nspname, c.relname, c.relkind,
                   c.relkind = 'p' OR c.relispartition OR c.relhassubclass AS in_tree,
                   c.relkind <> 'p' AND NOT c.relispartition
                     AND EXISTS (SELECT FROM pg_inherits i WHERE c.oid IN (i.inhrelid, i.inhparent)) AS inherits,
                   pg_has_role(c.relowner, 'USAGE') AS owned,
                   pg_get_userbyid(c.relowner) AS owner,
                   current_user AS role,
                   row_security_active(c.oid) AS hides_rows,
                   greatest(c.reltuples, 0)::bigint AS estimated_rows,
                   current_setting('server_version_num')::int AS server_version
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.oid = to_regclass(?)
            """)
        .param(regclass)
        .query((rs, row) -> new Named(facts(rs), rs.getBoolean("in_tree")))
        .optional()
        .flatMap(
            it ->
                it.inTree
                    ? TableTree.read(database, it.table.oid()).map(it.table::in)
                    : Optional.of(it.table))
        .map(table -> table.with(columns(table.oid())));
  }

  private static TableFacts facts(ResultSet rs) throws SQLException {
    return new TableFacts(
        rs.getLong("oid"),
        rs.getString("nspname"),
        rs.getString("relname"),
        kind(rs.getString("relkind")),
        null,
        rs.getBoolean("inherits"),
        List.of(),
        rs.getBoolean("owned"),
        rs.getString("owner"),
        rs.getString("role"),
        rs.getBoolean("hides_rows"),
        rs.getLong("estimated_rows"),
        rs.getInt("server_version"),
        List.of());
  }

  /** A table, and whether it has partitions or children, or is a partition. */
  private record Named(TableFacts table, boolean inTree) {}

  /**
   * The columns of a table. Types and defaults are written with their schemas: they become parts of
   * statements, which may be sent by a session that finds names by another path.
   */
  public List<ColumnFacts> columns(long table) {
    return database.byCatalogPath(
        () -> database.jdbc().sql(COLUMNS).param(table).query(CatalogReader::column).list());
  }

  /**
   * The objects that depend on columns: views, indexes, constraints, triggers, policies,
   * statistics, publications, sequences, generated columns, grants. NOT NULL and the columns' own
   * defaults are left out.
   */
  public List<Dependency> dependents(long table, Collection<String> columns) {
    return database
        .jdbc()
        .sql(
            """
            WITH target AS (
              SELECT attrelid, attnum, attname, attacl FROM pg_attribute
               WHERE attrelid = :table::oid AND attname = ANY (:columns)
            )
            SELECT DISTINCT d.classid::regclass::text AS catalog,
                   CASE WHEN con.contype = 'f' AND con.confrelid = t.attrelid AND t.attnum = ANY (con.confkey)
                        THEN 'F'
                        WHEN con.contype = 'f'
                         AND pg_get_constraintdef(con.oid) ~ 'SET (NULL|DEFAULT) \\(' THEN 'F'
                        WHEN to_jsonb(con) ->> 'conenforced' = 'false'
                          OR to_jsonb(con) ->> 'conperiod' = 'true' THEN 'X'
                        WHEN EXISTS (SELECT FROM pg_index i WHERE i.indisreplident
                                        AND i.indexrelid IN (d.objid, con.conindid)) THEN 'R'
                        ELSE coalesce(con.contype::text, rel.relkind::text, '') END AS kind,
                   pg_describe_object(d.classid, d.objid, d.objsubid) AS description
              FROM pg_depend d
              JOIN target t ON d.refclassid = 'pg_class'::regclass
               AND d.refobjid = t.attrelid AND d.refobjsubid = t.attnum
              LEFT JOIN pg_constraint con
                ON d.classid = 'pg_constraint'::regclass AND con.oid = d.objid
              LEFT JOIN pg_class rel ON d.classid = 'pg_class'::regclass AND rel.oid = d.objid
             WHERE con.contype IS DISTINCT FROM 'n'
               AND NOT EXISTS (SELECT FROM pg_attrdef own
                                WHERE d.classid = 'pg_attrdef'::regclass AND own.oid = d.objid
                                  AND own.adrelid = t.attrelid AND own.adnum = t.attnum)
               AND NOT (d.classid = 'pg_trigger'::regclass AND EXISTS (
                     SELECT FROM pg_trigger g WHERE g.oid = d.objid AND g.tgname LIKE '~migrator\\_%'))
            UNION ALL
            SELECT 'pg_attribute', 'acl', 'the grants on column ' || quote_ident(attname)
              FROM target WHERE attacl IS NOT NULL
            ORDER BY 1, 3
            """)
        .param("table", table)
        .param("columns", columns.toArray(String[]::new))
        .query(
            (rs, row) ->
                new Dependency(
                    rs.getString("catalog"), rs.getString("kind"), rs.getString("description")))
        .list();
  }

  /** The options of a column beyond its type, as clauses of ALTER COLUMN. */
  public List<String> settings(long table, String column) {
    return database
        .jdbc()
        .sql(
            """
            SELECT s.setting FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid,
                   LATERAL (VALUES
                     (CASE WHEN a.attstattarget >= 0 THEN 'SET STATISTICS ' || a.attstattarget END),
                     (CASE WHEN a.attstorage <> t.typstorage THEN 'SET STORAGE ' ||
                        CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL'
                                          WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END),
                     (CASE a.attcompression WHEN 'p' THEN 'SET COMPRESSION pglz'
                                            WHEN 'l' THEN 'SET COMPRESSION lz4' END),
                     ('SET (' || array_to_string(a.attoptions, ', ') || ')')) AS s(setting)
             WHERE a.attrelid = ?::oid AND a.attname = ? AND s.setting IS NOT NULL
            """)
        .params(table, column)
        .query(String.class)
        .list();
  }

  /** An expression that names a row: its primary key, or its place where there is none. */
  public String keyText(long table) {
    List<String> columns =
        database
            .jdbc()
            .sql(
                """
                SELECT a.attname FROM pg_index i
                  JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                 WHERE i.indrelid = ?::oid AND i.indisprimary ORDER BY a.attnum
                """)
            .param(table)
            .query(String.class)
            .list();
    return columns.isEmpty()
        ? "'ctid ' || ctid::text"
        : columns.stream()
            .map(it -> Identifiers.literal(it + "=") + " || " + Identifiers.quote(it) + "::text")
            .collect(Collectors.joining(" || ' ' || "));
  }

  /** Whether the role may suppress ordinary triggers. */
  public boolean mayLeaveTriggersOut() {
    String privilege =
        """
        SELECT rolsuper OR has_parameter_privilege('session_replication_role', 'SET')
          FROM pg_roles WHERE rolname = current_user
        """;
    String superuser = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user";
    int version =
        database
            .jdbc()
            .sql("SELECT current_setting('server_version_num')::int")
            .query(Integer.class)
            .single();
    return database
        .jdbc()
        .sql(version >= 150000 ? privilege : superuser)
        .query(Boolean.class)
        .single();
  }

  /** The user's BEFORE ROW triggers that fire behind those whose names begin so. */
  public List<String> triggersBehind(long table, String prefix) {
    return database
        .jdbc()
        .sql(
            """
            SELECT tgname::text FROM pg_trigger
             WHERE tgrelid = :table::oid AND NOT tgisinternal AND tgtype & 3 = 3
               AND NOT starts_with(tgname::text, :prefix)
               AND tgname::text COLLATE "C" > :prefix COLLATE "C"
            """)
        .param("table", table)
        .param("prefix", prefix)
        .query(String.class)
        .list();
  }

  /** The schemas that unqualified names of this connection resolve to. */
  public List<String> searchPath() {
    return database.jdbc().sql("SELECT unnest(current_schemas(false))").query(String.class).list();
  }

  private static TableFacts.Kind kind(String relkind) {
    return switch (relkind) {
      case "r" -> TableFacts.Kind.TABLE;
      case "p" -> TableFacts.Kind.PARTITIONED;
      case "f" -> TableFacts.Kind.FOREIGN;
      case "v" -> TableFacts.Kind.VIEW;
      case "m" -> TableFacts.Kind.MATERIALIZED_VIEW;
      case "S" -> TableFacts.Kind.SEQUENCE;
      case "i", "I" -> TableFacts.Kind.INDEX;
      case "c" -> TableFacts.Kind.TYPE;
      default -> TableFacts.Kind.OTHER;
    };
  }

  private static ColumnFacts column(ResultSet rs, int row) throws SQLException {
    return new ColumnFacts(
        rs.getString("attname"),
        rs.getString("type"),
        rs.getBoolean("attnotnull"),
        rs.getString("default_expression"),
        rs.getBoolean("constant_default"),
        ColumnFacts.Kind.valueOf(rs.getString("kind")),
        rs.getBoolean("exact"),
        rs.getString("collation"),
        rs.getString("comment"));
  }
}
