package dev.migrator.internal.engine;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Remembers the statements that were sent through it. */
final class CountingDataSource extends DelegatingDataSource {

  private final List<String> statements = new CopyOnWriteArrayList<>();

  CountingDataSource(DataSource dataSource) {
    super(dataSource);
  }

  /** Those with a text. */
  long count(String text) {
    return statements.stream().filter(it -> it.contains(text)).count();
  }

  void reset() {
    statements.clear();
  }

  @Override
  public Connection getConnection() throws SQLException {
    return proxy(Connection.class, super.getConnection(), "");
  }

  private <T> T proxy(Class<T> type, Object target, String prepared) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, args) -> {
              String sql = (args != null && args[0] instanceof String text) ? text : prepared;
              if (method.getName().startsWith("execute")) {
                statements.add(sql);
              }
              try {
                Object result = method.invoke(target, args);
                if (result instanceof PreparedStatement) {
                  return proxy(PreparedStatement.class, result, sql);
                }
                return (result instanceof java.sql.Statement && target instanceof Connection)
                    ? proxy(java.sql.Statement.class, result, "")
                    : result;
              } catch (InvocationTargetException ex) {
                throw ex.getCause();
              }
            }));
  }
}
