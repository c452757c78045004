package dev.migrator.autoconfigure.liquibase;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import javax.sql.DataSource;
import liquibase.integration.spring.SpringLiquibase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Liquibase's own lock, left by an instance that died while it had it. */
final class StaleLock {

  private static final Logger logger = LoggerFactory.getLogger(StaleLock.class);

  /** Liquibase writes the name without quotes, or as it was set. */
  private static final String FIND =
      """
      SELECT format('%I.%I', n.nspname, c.relname)
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind = 'r' AND lower(c.relname) = lower(?) AND lower(n.nspname) = lower(coalesce(?, current_schema()))
      """;

  private StaleLock() {}

  /**
   * Releases it, if it is old enough. To be called with the guard's lock only.
   *
   * @param age from which it is taken for stale: an instance without the guard may have it
   */
  static void release(DataSource dataSource, SpringLiquibase liquibase, Duration age)
      throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      String table = find(connection, liquibase);
      if (table == null) {
        return;
      }
      String sql =
          "UPDATE %s SET locked = false, lockgranted = NULL, lockedby = NULL WHERE locked AND (lockgranted IS NULL OR lockgranted <= localtimestamp - ? * interval '1 second') RETURNING id"
              .formatted(table);
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        statement.setLong(1, age.toSeconds());
        try (ResultSet rs = statement.executeQuery()) {
          if (rs.next()) {
            logger.warn(
                "released Liquibase's lock in {}, which an instance has left that is gone", table);
          }
        }
      }
      if (!connection.getAutoCommit()) {
        connection.commit();
      }
    }
  }

  private static @Nullable String find(Connection connection, SpringLiquibase liquibase)
      throws SQLException {
    String name =
        Objects.requireNonNullElse(
            liquibase.getDatabaseChangeLogLockTable(), "DATABASECHANGELOGLOCK");
    String schema =
        (liquibase.getLiquibaseSchema() != null)
            ? liquibase.getLiquibaseSchema()
            : liquibase.getDefaultSchema();
    try (PreparedStatement statement = connection.prepareStatement(FIND)) {
      statement.setString(1, name);
      statement.setString(2, schema);
      try (ResultSet rs = statement.executeQuery()) {
        return rs.next() ? rs.getString(1) : null;
      }
    }
  }
}
