package dev.migrator.diff.internal.schema;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reads the catalog. Names in the schema of unqualified names are given without it, so that two
 * databases can be compared where it is called differently.
 */
public final class SchemaReader {

  /** What begins the names of what the library keeps for an undo. */
  private static final String KEPT = "~migrator\\_%";

  private static final String OWN =
      """
      n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'migrator')
        AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname NOT LIKE '<kept>'"""
          .replace("<kept>", KEPT);

  private static final String SCHEMA =
      "CASE WHEN %1$s.nspname = current_schema() THEN '' ELSE %1$s.nspname END";

  private static final String COLUMNS =
      """
      SELECT <n> AS schema, c.relname AS table, a.attname AS column, <m> AS type_schema, t.typname, a.atttypmod,
             format_type(a.atttypid, a.atttypmod) AS sql, a.attnotnull,
             CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END AS default_expression,
             CASE WHEN a.attidentity <> '' THEN 'IDENTITY' WHEN a.attgenerated <> '' THEN 'GENERATED' ELSE 'PLAIN' END AS source
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attname NOT LIKE '<kept>'
        JOIN pg_type t ON t.oid = a.atttypid JOIN pg_namespace m ON m.oid = t.typnamespace
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
       WHERE <own>
       ORDER BY 1, 2, a.attnum
      """;

  private static final String CONSTRAINTS =
      """
      SELECT <n> AS schema, c.relname AS table, k.conname AS name, k.contype::text AS kind, k.confdeltype::text AS on_delete,
             ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS u (number, place)
                     JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number ORDER BY u.place) AS columns,
             <m> AS parent_schema, p.relname AS parent,
             ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS u (number, place)
                     JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number ORDER BY u.place) AS parent_columns,
             pg_get_expr(k.conbin, k.conrelid) AS expression
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_class p ON p.oid = k.confrelid LEFT JOIN pg_namespace m ON m.oid = p.relnamespace
       WHERE <own> AND k.contype IN ('p', 'u', 'f', 'c') AND k.conname NOT LIKE '<kept>'
       ORDER BY k.contype <> 'p', 1, 2, 3
      """;

  private static final String INDEXES =
      """
      SELECT <n> AS schema, c.relname AS table, i.relname AS name, x.indisunique AND x.indpred IS NULL AS is_unique,
             ARRAY(SELECT a.attname::text FROM unnest(x.indkey::int2[]) WITH ORDINALITY AS u (number, place)
                     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.number
                    WHERE u.place <= x.indnkeyatts ORDER BY u.place) AS columns
        FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
        JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE <own> AND x.indexprs IS NULL AND x.indisvalid AND i.relname NOT LIKE '<kept>'
         AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid AND k.contype IN ('p', 'u'))
       ORDER BY 1, 2, 3
      """;

  private static final String SEQUENCES =
      """
      SELECT <n> AS schema, c.relname AS name, s.seqincrement
        FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'migrator')
         AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i')
      """;

  private static final String ENUMS =
      """
      SELECT <n> AS schema, t.typname AS name,
             ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder) AS labels
        FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'e'
      """;

  private static final String VIEWS =
      """
      SELECT <n> AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
         AND (c.relkind IN ('v', 'm', 'f') OR c.relispartition)
      """;

  private final JdbcClient jdbc;

  private final Map<TableId, Parts> parts = new TreeMap<>();

  private SchemaReader(DataSource dataSource) {
    this.jdbc = JdbcClient.create(dataSource);
  }

  /** Reads that of a database. */
  public static Schema read(DataSource dataSource) {
    return new SchemaReader(dataSource).read();
  }

  /** The schema in which unqualified names are made. */
  public static String currentSchema(DataSource dataSource) {
    return JdbcClient.create(dataSource)
        .sql("SELECT current_schema()")
        .query(String.class)
        .single();
  }

  private Schema read() {
    rows(COLUMNS, rs -> of(rs).columns.put(rs.getString("column"), column(rs)));
    rows(CONSTRAINTS, rs -> constraint(rs, of(rs)));
    rows(INDEXES, rs -> index(rs, of(rs)));
    Map<TableId, Long> sequences = new TreeMap<>();
    rows(SEQUENCES, rs -> sequences.put(id(rs, "schema", "name"), rs.getLong("seqincrement")));
    Map<TableId, List<String>> enums = new TreeMap<>();
    rows(ENUMS, rs -> enums.put(id(rs, "schema", "name"), list(rs, "labels")));
    Map<TableId, SchemaTable> tables = new TreeMap<>();
    parts.forEach((id, it) -> tables.put(id, it.table(id)));
    Set<TableId> views = new HashSet<>();
    rows(VIEWS, rs -> views.add(id(rs, "schema", "name")));
    return new Schema(tables, sequences, enums, views);
  }

  private Parts of(ResultSet rs) throws SQLException {
    return parts.computeIfAbsent(id(rs, "schema", "table"), id -> new Parts());
  }

  private static SchemaColumn column(ResultSet rs) throws SQLException {
    return new SchemaColumn(
        rs.getString("column"),
        new ColumnType(
            id(rs, "type_schema", "typname"),
            rs.getInt("atttypmod"),
            rs.getString("sql").replace("character varying", "varchar")),
        rs.getBoolean("attnotnull"),
        rs.getString("default_expression"),
        SchemaColumn.Source.valueOf(rs.getString("source")));
  }

  private static void constraint(ResultSet rs, Parts table) throws SQLException {
    String name = rs.getString("name");
    List<String> columns = list(rs, "columns");
    switch (rs.getString("kind")) {
      case "p", "u" -> table.keys.add(new Key(name, rs.getString("kind").equals("p"), columns));
      case "f" ->
          table.references.add(
              new Reference(
                  name,
                  columns,
                  id(rs, "parent_schema", "parent"),
                  list(rs, "parent_columns"),
                  rs.getString("on_delete")));
      default -> {
        if (columns.size() == 1) {
          table.checks.add(new ColumnCheck(name, columns.get(0), rs.getString("expression")));
        }
      }
    }
  }

  private static void index(ResultSet rs, Parts table) throws SQLException {
    String name = rs.getString("name");
    List<String> columns = list(rs, "columns");
    if (rs.getBoolean("is_unique")) {
      table.keys.add(new Key(name, false, columns));
    } else {
      table.indexes.add(new Index(name, columns));
    }
  }

  private static TableId id(ResultSet rs, String schema, String name) throws SQLException {
    return new TableId(rs.getString(schema), rs.getString(name));
  }

  private static List<String> list(ResultSet rs, String column) throws SQLException {
    Array array = rs.getArray(column);
    return List.of((String[]) array.getArray());
  }

  private void rows(String sql, Row row) {
    String whole =
        sql.replace("<own>", OWN)
            .replace("<kept>", KEPT)
            .replace("<n>", SCHEMA.formatted("n"))
            .replace("<m>", SCHEMA.formatted("m"));
    jdbc.sql(whole)
        .query(
            (rs, number) -> {
              row.take(rs);
              return number;
            })
        .list();
  }

  private interface Row {

    void take(ResultSet rs) throws SQLException;
  }

  private static final class Parts {

    private final Map<String, SchemaColumn> columns = new LinkedHashMap<>();

    private final List<Key> keys = new ArrayList<>();

    private final List<Reference> references = new ArrayList<>();

    private final List<Index> indexes = new ArrayList<>();

    private final List<ColumnCheck> checks = new ArrayList<>();

    private SchemaTable table(TableId id) {
      return new SchemaTable(id, columns, keys, references, indexes, checks);
    }
  }
}
