package dev.migrator.internal.sql;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Limits the wait for an answer of the server. A connection can be lost without a notice, for
 * example when the server's machine fails or a firewall drops its state. A thread that waits for an
 * answer then waits until the kernel gives up, a quarter of an hour or more, and delays a heartbeat
 * or a shutdown.
 */
final class ImpatientDataSource extends DelegatingDataSource {

  /** More than any statement takes that does not run {@link #patiently}. */
  private static final int LIMIT_MILLIS = 30_000;

  private static final int NO_LIMIT = 0;

  /** What a driver is to do, it does at once. */
  private static final Executor DIRECT = Runnable::run;

  /** Of this thread, if it has another limit. */
  private final ThreadLocal<@Nullable Integer> limit = new ThreadLocal<>();

  private volatile @Nullable Boolean autoCommit;

  ImpatientDataSource(DataSource dataSource) {
    super(dataSource);
  }

  /** Does work of this thread with another limit for each answer. */
  <T extends @Nullable Object> T within(Duration time, Supplier<T> work) {
    limit.set((int) Math.max(1, Math.min(LIMIT_MILLIS, time.toMillis())));
    try {
      return work.get();
    } finally {
      limit.remove();
    }
  }

  /** Whether connections have auto-commit on; {@code null} before the first. */
  @Nullable Boolean autoCommit() {
    return autoCommit;
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = super.getConnection();
    if (autoCommit == null) {
      autoCommit = connection.getAutoCommit();
    }
    int before = connection.getNetworkTimeout();
    Integer other = limit.get();
    int ours = (other == null) ? LIMIT_MILLIS : other;
    if (before != NO_LIMIT && before <= ours) {
      return connection;
    }
    connection.setNetworkTimeout(DIRECT, ours);
    return restoring(connection, before);
  }

  /** Not every pool restores it. */
  private static Connection restoring(Connection connection, int before) {
    return (Connection)
        Proxy.newProxyInstance(
            ImpatientDataSource.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("close")) {
                restoreIfPossible(connection, before);
              }
              try {
                return method.invoke(connection, arguments);
              } catch (InvocationTargetException ex) {
                throw ex.getTargetException();
              }
            });
  }

  /** A broken connection must go back to its pool, too. */
  private static void restoreIfPossible(Connection connection, int before) {
    try {
      restore(connection, before);
    } catch (SQLException ex) {
      // The pool detects it.
      return;
    }
  }

  private static void restore(Connection connection, int before) throws SQLException {
    if (!connection.isClosed()) {
      connection.setNetworkTimeout(DIRECT, before);
    }
  }

  /** Runs a statement without a limit, also if the application has set one. */
  static <T> T patiently(Statement statement, SqlWork<T> work) throws SQLException {
    Connection connection = statement.getConnection();
    int before = connection.getNetworkTimeout();
    connection.setNetworkTimeout(DIRECT, NO_LIMIT);
    try {
      return work.run();
    } finally {
      restore(connection, before);
    }
  }

  @FunctionalInterface
  interface SqlWork<T> {
    T run() throws SQLException;
  }
}
