package dev.migrator.internal.engine;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Notes the SQL that is sent without parameters and stays: that of transactions that are committed,
 * and that outside of any.
 */
final class RecordingDataSource extends DelegatingDataSource {

  private final List<String> committed = Collections.synchronizedList(new ArrayList<>());

  private final Map<Connection, List<String>> open =
      Collections.synchronizedMap(new java.util.IdentityHashMap<>());

  RecordingDataSource(DataSource dataSource) {
    super(dataSource);
  }

  List<String> committed() {
    return List.copyOf(committed);
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = super.getConnection();
    open.put(connection, new ArrayList<>());
    return proxy(
        connection,
        Connection.class,
        connection,
        created ->
            (created instanceof Statement statement)
                ? proxy(connection, Statement.class, statement, result -> result)
                : created);
  }

  private void noted(Connection connection, Object target, String method, Object[] args)
      throws SQLException {
    List<String> statements = open.get(connection);
    if (target instanceof Statement
        && method.startsWith("execute")
        && args != null
        && args[0] instanceof String sql) {
      if (connection.getAutoCommit()) {
        committed.add(sql);
      } else {
        statements.add(sql);
      }
    } else if (target == connection && method.equals("commit")) {
      committed.addAll(statements);
      statements.clear();
    } else if (target == connection && method.equals("rollback")) {
      statements.clear();
    }
  }

  private <T> T proxy(Connection connection, Class<T> type, T target, UnaryOperator<Object> wrap) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> {
              try {
                Object result = method.invoke(target, args);
                noted(connection, target, method.getName(), args);
                return method.getName().equals("createStatement") ? wrap.apply(result) : result;
              } catch (InvocationTargetException ex) {
                throw ex.getCause();
              }
            }));
  }
}
