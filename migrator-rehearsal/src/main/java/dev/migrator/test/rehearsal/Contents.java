package dev.migrator.test.rehearsal;

import dev.migrator.test.CatalogImage;
import dev.migrator.test.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Everything in a database.
 *
 * @param catalog what its catalog says
 * @param rows of each table how many rows there are, and a digest of them in any order
 */
record Contents(CatalogImage catalog, Map<String, String> rows) {

  private static final String TABLES =
      """
      SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'migrator')
      """;

  /** The columns of all tables. */
  static Set<String> columns(TestDatabase database) {
    try (Connection connection = Sessions.of(database).getConnection()) {
      Set<String> columns = new HashSet<>();
      for (String table : Sql.list(connection, TABLES, rs -> rs.getString("name"))) {
        TableShapeReader.read(connection, table)
            .columns()
            .forEach(it -> columns.add(table + "." + it.name()));
      }
      return columns;
    } catch (SQLException ex) {
      throw new RehearsalException("the columns cannot be read: " + ex.getMessage(), ex);
    }
  }

  /**
   * @param old the columns that were there before the migration: a new one whose default gives each
   *     row another value, such as a random one, cannot be compared
   */
  static Contents of(TestDatabase database, Set<String> old) {
    Map<String, String> rows = new TreeMap<>();
    try (Connection connection = Sessions.of(database).getConnection()) {
      for (String table : Sql.list(connection, TABLES, rs -> rs.getString("name"))) {
        String columns =
            TableShapeReader.read(connection, table).columns().stream()
                .filter(it -> !it.fresh() || old.contains(table + "." + it.name()))
                .map(it -> Sql.name(it.name()))
                .collect(Collectors.joining(", "));
        String digest =
            "SELECT count(*) || ' rows, digest ' || coalesce(sum(hashtextextended(ROW(%s)::text, 0)), 0) FROM %s"
                .formatted(columns, table);
        rows.put(table, Sql.list(connection, digest, rs -> rs.getString(1)).get(0));
      }
    } catch (SQLException ex) {
      throw new RehearsalException("the rows cannot be compared: " + ex.getMessage(), ex);
    }
    return new Contents(CatalogImage.of(database.dataSource()), rows);
  }

  List<String> differences(Contents other) {
    List<String> differences = new ArrayList<>(catalog.differences(other.catalog));
    rows.forEach(
        (table, digest) -> {
          String there = other.rows.get(table);
          if (there != null && !there.equals(digest)) {
            differences.add("rows of %s: %s, and %s".formatted(table, digest, there));
          }
        });
    return differences;
  }
}
