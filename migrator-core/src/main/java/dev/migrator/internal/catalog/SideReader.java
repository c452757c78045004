package dev.migrator.internal.catalog;

import dev.migrator.internal.sql.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads what triggers and copied objects of a change are made from. */
public final class SideReader {

  private static final String COLUMNS =
      """
      SELECT a.attname::text AS name, pg_get_expr(d.adbin, d.adrelid) AS default_expression,
             a.attnotnull AS not_null, col_description(a.attrelid, a.attnum) AS comment,
             CASE WHEN a.attstattarget >= 0 THEN a.attstattarget::int END AS statistics,
             CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END AS storage,
             CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS compression,
             coalesce(a.attoptions, '{}') AS options, format_type(a.atttypid, a.atttypmod) AS type
        FROM pg_attribute a
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
       WHERE a.attrelid = :table::oid AND a.attname = ANY (:columns) AND NOT a.attisdropped
       ORDER BY array_position(:columns::text[], a.attname::text)
      """;

  private static final String ATTACHED =
      """
      SELECT DISTINCT d.objid::bigint
        FROM pg_depend d
        JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
        LEFT JOIN pg_constraint c ON d.classid = 'pg_constraint'::regclass AND c.oid = d.objid
        LEFT JOIN pg_class r ON d.classid = 'pg_class'::regclass AND r.oid = d.objid
       WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = :table::oid AND a.attname = ANY (:columns)
         AND (c.contype <> 'n' OR r.relkind IN ('i', 'I'))
       ORDER BY 1
      """;

  /** Their names are a prefix and a digest; what was made for other purposes has other names. */
  private static final String CARRIED =
      """
      SELECT conname::text AS name, true AS is_constraint,
             (SELECT p.relnamespace::regnamespace || '.' || quote_ident(p.relname)
                FROM pg_class p WHERE p.oid = confrelid) AS parent
        FROM pg_constraint
       WHERE conrelid = :table::oid AND starts_with(conname::text, :prefix)
         AND substr(conname::text, length(:prefix) + 1) ~ '^[0-9a-f]{12}$'
      UNION ALL
      SELECT r.relname::text, false, NULL
        FROM pg_index i JOIN pg_class r ON r.oid = i.indexrelid
       WHERE i.indrelid = :table::oid AND starts_with(r.relname::text, :prefix)
         AND substr(r.relname::text, length(:prefix) + 1) ~ '^[0-9a-f]{12}$'
         AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = r.oid AND c.conrelid = i.indrelid)
       ORDER BY 1
      """;

  private final Database database;

  public SideReader(Database database) {
    this.database = database;
  }

  /**
   * Reads.
   *
   * @param table the object id of the table
   * @param prefix how the names of what was made for the new columns begin
   */
  public SideFacts read(
      long table, List<String> oldColumns, List<String> newColumns, String prefix) {
    List<String> both = new ArrayList<>(oldColumns);
    both.addAll(newColumns);
    // A default shall read alike for every role, whatever its path is.
    return database.byCatalogPath(
        () -> {
          List<SideFacts.Column> columns = columns(table, both);
          return new SideFacts(
              table,
              columns.stream().filter(it -> oldColumns.contains(it.name())).toList(),
              columns.stream().filter(it -> newColumns.contains(it.name())).toList(),
              database
                  .jdbc()
                  .sql(ATTACHED)
                  .param("table", table)
                  .param("columns", oldColumns.toArray(String[]::new))
                  .query(Long.class)
                  .list(),
              database
                  .jdbc()
                  .sql(CARRIED)
                  .param("table", table)
                  .param("prefix", prefix)
                  .query(
                      (rs, row) ->
                          new SideFacts.Carried(
                              rs.getString("name"),
                              rs.getBoolean("is_constraint"),
                              rs.getString("parent")))
                  .list());
        });
  }

  private List<SideFacts.Column> columns(long table, List<String> names) {
    return database
        .jdbc()
        .sql(COLUMNS)
        .param("table", table)
        .param("columns", names.toArray(String[]::new))
        .query((rs, row) -> column(rs))
        .list();
  }

  private static SideFacts.Column column(ResultSet rs) throws SQLException {
    int statistics = rs.getInt("statistics");
    boolean unset = rs.wasNull();
    return new SideFacts.Column(
        rs.getString("name"),
        rs.getString("default_expression"),
        rs.getBoolean("not_null"),
        rs.getString("comment"),
        unset ? null : statistics,
        rs.getString("storage"),
        rs.getString("compression"),
        List.of((String[]) rs.getArray("options").getArray()),
        rs.getString("type"));
  }
}
