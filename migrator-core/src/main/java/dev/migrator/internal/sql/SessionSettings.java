package dev.migrator.internal.sql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settings of a session that are restored on close, as the connection goes back to its pool. Only
 * what differs is changed.
 */
final class SessionSettings implements AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(SessionSettings.class);

  private final Connection connection;

  private final Map<String, String> before;

  private SessionSettings(Connection connection, Map<String, String> before) {
    this.connection = connection;
    this.before = before;
  }

  /** Removes the limits of time and makes these settings as well. */
  static SessionSettings unlimited(Connection connection, Map<String, String> settings)
      throws SQLException {
    Map<String, String> wanted = new HashMap<>(settings);
    wanted.put("lock_timeout", "0");
    wanted.put("statement_timeout", "0");
    Map<String, String> before = new HashMap<>();
    try (Statement statement = connection.createStatement()) {
      if (connection.getMetaData().getDatabaseMajorVersion() >= 17) {
        wanted.put("transaction_timeout", "0");
      }
      for (Map.Entry<String, String> setting : wanted.entrySet()) {
        try (ResultSet rs = statement.executeQuery("SHOW " + setting.getKey())) {
          rs.next();
          if (!rs.getString(1).equals(setting.getValue())) {
            before.put(setting.getKey(), rs.getString(1));
          }
        }
      }
      for (String name : before.keySet()) {
        set(statement, name, wanted.getOrDefault(name, "0"));
      }
    }
    return new SessionSettings(connection, before);
  }

  @Override
  public void close() {
    for (Map.Entry<String, String> setting : before.entrySet()) {
      try (Statement statement = connection.createStatement()) {
        set(statement, setting.getKey(), setting.getValue());
      } catch (SQLException ex) {
        // The connection is lost, and its settings with it. The error that lost it is what counts.
        logger.debug("{} could not be restored", setting.getKey(), ex);
        return;
      }
    }
  }

  private static void set(Statement statement, String name, String value) throws SQLException {
    statement.execute("SET " + name + " = " + Identifiers.literal(value));
  }
}
