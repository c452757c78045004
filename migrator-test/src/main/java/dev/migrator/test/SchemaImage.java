package dev.migrator.test;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The user's tables at one moment, by their object ids, which stay the same under another name.
 *
 * @param tables what is known of each
 */
record SchemaImage(Map<Long, Table> tables) {

  private static final String SQL =
      """
      SELECT c.oid::bigint AS oid, n.nspname || '.' || c.relname AS name,
             CASE WHEN c.relkind = 'r' THEN pg_catalog.pg_relation_filenode(c.oid)::bigint ELSE 0 END AS file,
             a.attnum, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
       WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
         AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
       ORDER BY c.oid, a.attnum
      """;

  static SchemaImage of(Connection connection) throws SQLException {
    Map<Long, Table> tables = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rs = statement.executeQuery(SQL)) {
      while (rs.next()) {
        String name = rs.getString("name");
        long file = rs.getLong("file");
        Table table =
            tables.computeIfAbsent(
                rs.getLong("oid"), oid -> new Table(name, file, new LinkedHashMap<>()));
        if (rs.getString("attname") != null) {
          table
              .columns()
              .put(
                  rs.getInt("attnum"),
                  new Column(
                      rs.getString("attname"), rs.getString("type"), rs.getBoolean("attnotnull")));
        }
      }
    }
    return new SchemaImage(tables);
  }

  boolean knows(String table) {
    return tables.values().stream().anyMatch(it -> it.name().equals(table));
  }

  /** The tables that have another file later: they were written anew. */
  List<String> rewrittenIn(SchemaImage later) {
    List<String> rewritten = new ArrayList<>();
    tables.forEach(
        (oid, table) -> {
          Table other = later.tables().get(oid);
          if (other != null && other.file() != table.file()) {
            rewritten.add(table.name());
          }
        });
    return rewritten;
  }

  /**
   * A table.
   *
   * @param name its name, with its schema
   * @param file its file on disk
   * @param columns its columns, by their numbers
   */
  record Table(String name, long file, Map<Integer, Column> columns) {}

  /** A column. */
  record Column(String name, String type, boolean notNull) {}
}
