package dev.migrator.internal.engine;

import dev.migrator.test.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * One connection for many statements of a test: a new one for each would cost more than they do.
 */
final class FaultConnection implements AutoCloseable {

  private final Connection connection;

  private final JdbcClient jdbc;

  private FaultConnection(Connection connection) {
    this.connection = connection;
    this.jdbc = JdbcClient.create(new SingleConnectionDataSource(connection, true));
  }

  static FaultConnection to(TestDatabase database) {
    try {
      return new FaultConnection(database.dataSource().getConnection());
    } catch (SQLException ex) {
      throw new IllegalStateException(ex);
    }
  }

  JdbcClient jdbc() {
    return jdbc;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException ex) {
      throw new IllegalStateException(ex);
    }
  }
}
