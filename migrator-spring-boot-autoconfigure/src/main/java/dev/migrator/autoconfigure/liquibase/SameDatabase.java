package dev.migrator.autoconfigure.liquibase;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.NotReadyException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Whether two data sources, maybe of two roles or through a pooler, lead to one database. */
final class SameDatabase {

  /** The microsecond in which a server was started is its own; no role is too weak to ask. */
  private static final String IDENTITY =
      """
      SELECT extract(epoch FROM pg_catalog.pg_postmaster_start_time()) || '/' || oid
        FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()
      """;

  private SameDatabase() {}

  static boolean of(@Nullable DataSource one, DataSource other) {
    return one == null || one == other || identity(one).equals(identity(other));
  }

  private static String identity(DataSource dataSource) {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rs = statement.executeQuery(IDENTITY)) {
      rs.next();
      return rs.getString(1);
    } catch (SQLException ex) {
      throw new NotReadyException(
          ErrorCode.DATABASE_UNREACHABLE,
          "which database the changelog of Liquibase belongs to cannot be asked: "
              + ex.getMessage(),
          ex);
    }
  }
}
