package dev.migrator.autoconfigure.liquibase;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.DatabaseException;
import org.jspecify.annotations.Nullable;

/** Which phase a migration has reached, asked by the connection of Liquibase. */
final class JournaledPhase {

  private static final String RECORDED =
      """
      SELECT phase, begun, undoing FROM migrator.migration WHERE id = ?
      """;

  private static final String INSTALLED =
      "SELECT pg_catalog.to_regclass('migrator.migration') IS NOT NULL";

  private JournaledPhase() {}

  /** What others may rely on: what is being undone is not reached, for all that follows. */
  static @Nullable String reached(JdbcConnection connection, String id)
      throws DatabaseException, SQLException {
    Recorded recorded = find(connection, id);
    return recorded == null || recorded.undoing() ? null : recorded.phase();
  }

  /** What there is of it, also if it is not finished, or being undone. */
  static @Nullable String begun(JdbcConnection connection, String id)
      throws DatabaseException, SQLException {
    Recorded recorded = find(connection, id);
    return recorded == null ? null : recorded.begun();
  }

  private static @Nullable Recorded find(JdbcConnection connection, String id)
      throws DatabaseException, SQLException {
    try (PreparedStatement installed = connection.prepareStatement(INSTALLED);
        ResultSet rs = installed.executeQuery()) {
      rs.next();
      if (!rs.getBoolean(1)) {
        return null;
      }
    }
    try (PreparedStatement statement = connection.prepareStatement(RECORDED)) {
      statement.setString(1, id);
      try (ResultSet rs = statement.executeQuery()) {
        return rs.next()
            ? new Recorded(rs.getString("phase"), rs.getString("begun"), rs.getBoolean("undoing"))
            : null;
      }
    }
  }

  private record Recorded(@Nullable String phase, @Nullable String begun, boolean undoing) {}
}
