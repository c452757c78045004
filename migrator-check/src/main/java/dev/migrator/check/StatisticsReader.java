package dev.migrator.check;

import dev.migrator.check.TableStatistics.Table;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Reads how large tables are, without counting. */
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

  private StatisticsReader() {}

  static TableStatistics read(DataSource dataSource, int format) {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        // A table that somebody has locked is not waited for.
        statement.execute("SET TRANSACTION READ ONLY; SET LOCAL lock_timeout = '2s'");
        List<Table> tables = new ArrayList<>();
        try (ResultSet rs = statement.executeQuery(SQL)) {
          while (rs.next()) {
            tables.add(
                new Table(
                    rs.getString("nspname"),
                    rs.getString("relname"),
                    rows(rs),
                    rs.getLong("bytes")));
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

  private static @Nullable Long rows(ResultSet rs) throws SQLException {
    long rows = rs.getLong("rows");
    return rs.wasNull() ? null : rows;
  }
}
