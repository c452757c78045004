package dev.migrator.check;

import dev.migrator.check.TableStatistics.Column;
import dev.migrator.check.TableStatistics.Table;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Reads how large tables are and how values are spread, without counting and without a value. */
final class StatisticsReader {

  private static final String SQL =
      """
      SELECT n.nspname, c.relname,
             CASE WHEN min(l.reltuples) < 0 THEN NULL ELSE coalesce(sum(l.reltuples), 0)::bigint END AS rows,
             coalesce(sum(pg_catalog.pg_table_size(l.oid)), 0)::bigint AS bytes
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN LATERAL (SELECT c.oid WHERE c.relkind <> 'p'
                           UNION ALL
                           SELECT t.relid::oid FROM pg_catalog.pg_partition_tree(c.oid) t
                            WHERE c.relkind = 'p' AND t.isleaf) leaf ON true
        LEFT JOIN pg_catalog.pg_class l ON l.oid = leaf.oid
       WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't'
         AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'migrator') AND n.nspname !~ '^pg_(toast|temp)'
       GROUP BY n.nspname, c.relname ORDER BY 1, 2
      """;

  private static final String COLUMNS =
      """
      SELECT schemaname, tablename, attname, null_frac, n_distinct,
             ARRAY(SELECT pg_catalog.round(f::numeric, 4)::float8
                     FROM pg_catalog.unnest(s.most_common_freqs) WITH ORDINALITY c (f, n)
                    WHERE n <= 20 ORDER BY n) AS common
        FROM (SELECT *, pg_catalog.row_number() OVER (PARTITION BY schemaname, tablename, attname ORDER BY inherited DESC) AS pick
                FROM pg_catalog.pg_stats
               WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'migrator')) s
       WHERE pick = 1 ORDER BY 1, 2, 3
      """;

  private StatisticsReader() {}

  static TableStatistics read(DataSource dataSource, int format) {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        // A table that somebody has locked is not waited for.
        statement.execute("SET TRANSACTION READ ONLY; SET LOCAL lock_timeout = '2s'");
        Map<List<String>, List<Column>> columns = columns(statement);
        List<Table> tables = new ArrayList<>();
        try (ResultSet rs = statement.executeQuery(SQL)) {
          while (rs.next()) {
            tables.add(
                new Table(
                    rs.getString("nspname"),
                    rs.getString("relname"),
                    rows(rs),
                    rs.getLong("bytes"),
                    columns.getOrDefault(
                        List.of(rs.getString("nspname"), rs.getString("relname")), List.of())));
          }
        }
        return new TableStatistics(
            format, connection.getMetaData().getDatabaseProductVersion(), tables);
      } finally {
        connection.rollback();
      }
    } catch (SQLException ex) {
      throw new IllegalStateException("the sizes cannot be read: " + ex.getMessage(), ex);
    }
  }

  /** By schema and table. */
  private static Map<List<String>, List<Column>> columns(Statement statement) throws SQLException {
    Map<List<String>, List<Column>> columns = new HashMap<>();
    try (ResultSet rs = statement.executeQuery(COLUMNS)) {
      while (rs.next()) {
        columns
            .computeIfAbsent(
                List.of(rs.getString("schemaname"), rs.getString("tablename")),
                key -> new ArrayList<>())
            .add(
                new Column(
                    rs.getString("attname"),
                    rounded(rs.getDouble("null_frac")),
                    rounded(rs.getDouble("n_distinct")),
                    List.of((Double[]) rs.getArray("common").getArray())));
      }
    }
    return columns;
  }

  /** Single precision has digits that nobody has counted. */
  private static double rounded(double share) {
    return Math.round(share * 10_000) / 10_000.0;
  }

  private static @Nullable Long rows(ResultSet rs) throws SQLException {
    long rows = rs.getLong("rows");
    return rs.wasNull() ? null : rows;
  }
}
