package dev.migrator.internal.engine;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Sees every call of a connection and of its statements. */
abstract class ProxiedDataSource extends DelegatingDataSource {

  ProxiedDataSource(DataSource target) {
    super(target);
  }

  /** Does a call, or something else in its place. */
  abstract @Nullable Object on(Call call) throws Throwable;

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = super.getConnection();
    return proxy(Connection.class, connection, connection, "");
  }

  private <T> T proxy(Class<T> type, Object target, Connection connection, String prepared) {
    return type.cast(
        Proxy.newProxyInstance(
            ProxiedDataSource.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, args) -> {
              boolean hasText = args != null && args[0] instanceof String;
              String sql = hasText ? (String) args[0] : prepared;
              Object result = on(new Call(connection, target, method, args, sql));
              if (target == connection && result instanceof PreparedStatement) {
                return proxy(PreparedStatement.class, result, connection, sql);
              }
              return (target == connection && result instanceof Statement)
                  ? proxy(Statement.class, result, connection, "")
                  : result;
            }));
  }

  /**
   * A call.
   *
   * @param target the connection, or one of its statements
   * @param sql what is sent by it, or was prepared; empty if there is none
   */
  record Call(
      Connection connection, Object target, Method method, Object @Nullable [] args, String sql) {

    String name() {
      return method.getName();
    }

    boolean executes() {
      return target instanceof Statement && name().startsWith("execute");
    }

    /** Whether the SQL is sent by this very call, without parameters. */
    boolean sendsText() {
      return executes() && args != null && args[0] instanceof String;
    }

    /**
     * Does something else first. On a loaded machine that may take longer than a transaction may be
     * idle, which is not what such a test is about.
     */
    void after(Runnable work) throws SQLException {
      String limit = idleLimit();
      if (limit != null) {
        limitIdle("0");
      }
      work.run();
      if (limit != null && !connection.isClosed()) {
        limitIdle(limit);
      }
    }

    /** That of the transaction; {@code null} if there is none, or nothing can be asked in it. */
    private @Nullable String idleLimit() throws SQLException {
      TransactionState state = connection.unwrap(BaseConnection.class).getTransactionState();
      if (state != TransactionState.OPEN) {
        return null;
      }
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SHOW idle_in_transaction_session_timeout")) {
        rows.next();
        return rows.getString(1);
      }
    }

    private void limitIdle(String limit) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET LOCAL idle_in_transaction_session_timeout = '" + limit + "'");
      }
    }

    @Nullable Object proceed() throws Throwable {
      try {
        return method.invoke(target, args);
      } catch (InvocationTargetException ex) {
        throw ex.getCause();
      }
    }
  }
}
