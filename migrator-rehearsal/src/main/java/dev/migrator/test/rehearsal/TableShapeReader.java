package dev.migrator.test.rehearsal;

import dev.migrator.test.rehearsal.TableShape.Column;
import dev.migrator.test.rehearsal.TableShape.ForeignKey;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the shape of a table from the catalog. */
final class TableShapeReader {

  private static final String COLUMNS =
      """
      SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
             coalesce(b.typname, t.typname)::text AS base, coalesce(b.typcategory, t.typcategory)::text AS category,
             CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END AS length,
             a.attnotnull OR t.typnotnull AS not_null, a.attidentity <> '' OR a.attgenerated <> '' AS filled,
             coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid), t.typdefault) AS default_value
        FROM pg_catalog.pg_attribute a
        JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
        LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype AND t.typtype = 'd'
        LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
       WHERE a.attrelid = ?::regclass AND a.attnum > 0 AND NOT a.attisdropped
       ORDER BY a.attnum
      """;

  /** An expression depends on its columns, a plain index has them in its key. */
  private static final String UNIQUE =
      """
      SELECT ARRAY(SELECT DISTINCT a.attname::text FROM pg_catalog.pg_attribute a
                    WHERE a.attrelid = i.indrelid AND a.attnum > 0
                      AND (a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])
                           OR i.indexprs IS NOT NULL AND EXISTS (
                             SELECT FROM pg_catalog.pg_depend d
                              WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = i.indexrelid
                                AND d.refobjid = i.indrelid AND d.refobjsubid = a.attnum))) AS columns
        FROM pg_catalog.pg_index i
       WHERE i.indrelid = ?::regclass AND i.indisunique
      """;

  private static final String FOREIGN_KEYS =
      """
      SELECT x.confrelid::regclass::text AS referred,
             ARRAY(SELECT a.attname::text FROM unnest(x.conkey) WITH ORDINALITY k(n, o)
                     JOIN pg_catalog.pg_attribute a ON a.attrelid = x.conrelid AND a.attnum = k.n ORDER BY k.o) AS columns,
             ARRAY(SELECT a.attname::text FROM unnest(x.confkey) WITH ORDINALITY k(n, o)
                     JOIN pg_catalog.pg_attribute a ON a.attrelid = x.confrelid AND a.attnum = k.n ORDER BY k.o) AS there
        FROM pg_catalog.pg_constraint x
       WHERE x.conrelid = ?::regclass AND x.contype = 'f' AND x.conparentid = 0
      """;

  private TableShapeReader() {}

  static TableShape read(Connection connection, String table) throws SQLException {
    List<String> found =
        Sql.list(
            connection,
            """
            SELECT c.oid::regclass::text FROM pg_catalog.pg_class c
             WHERE c.oid = pg_catalog.to_regclass(?) AND c.relkind IN ('r', 'p')
            """,
            rs -> rs.getString(1),
            table);
    if (found.isEmpty()) {
      throw new RehearsalException(
          "withRows(\"%s\", …): there is no such table where the rehearsal begins"
              .formatted(table));
    }
    String name = found.get(0);
    return new TableShape(
        name,
        Sql.list(connection, COLUMNS, rs -> column(connection, rs), name),
        Sql.list(connection, UNIQUE, rs -> strings(rs.getArray("columns")), name),
        Sql.list(
            connection,
            FOREIGN_KEYS,
            rs ->
                new ForeignKey(
                    strings(rs.getArray("columns")),
                    rs.getString("referred"),
                    strings(rs.getArray("there"))),
            name));
  }

  private static Column column(Connection connection, ResultSet rs) throws SQLException {
    String defaultValue = rs.getString("default_value");
    boolean filled = rs.getBoolean("filled");
    return new Column(
        rs.getString("attname"),
        rs.getString("type"),
        rs.getString("base"),
        rs.getString("category"),
        rs.getInt("length"),
        rs.getBoolean("not_null"),
        filled,
        defaultValue != null,
        !filled && isFresh(connection, defaultValue));
  }

  /** Two looks at one default differ where each row gets another value. */
  private static boolean isFresh(Connection connection, @Nullable String defaultValue)
      throws SQLException {
    return defaultValue != null
        && Sql.number(
                connection,
                "SELECT CASE WHEN (%1$s)::text IS DISTINCT FROM (%1$s)::text THEN 1 ELSE 0 END"
                    .formatted(defaultValue))
            == 1;
  }

  private static List<String> strings(Array array) throws SQLException {
    return List.of((String[]) array.getArray());
  }
}
