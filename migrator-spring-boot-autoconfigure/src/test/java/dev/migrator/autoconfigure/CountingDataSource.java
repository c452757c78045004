package dev.migrator.autoconfigure;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Remembers every statement that is executed through it; ends of transactions are not among them.
 */
class CountingDataSource extends DelegatingDataSource {

  private final List<String> statements = Collections.synchronizedList(new ArrayList<>());

  CountingDataSource(DataSource target) {
    super(target);
  }

  List<String> statements() {
    return List.copyOf(statements);
  }

  @Override
  public Connection getConnection() throws SQLException {
    return proxy(Connection.class, super.getConnection(), null);
  }

  private <T> T proxy(Class<T> type, Object target, @Nullable String prepared) {
    return type.cast(
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              boolean hasText = arguments != null && arguments[0] instanceof String;
              String sql = hasText ? (String) arguments[0] : prepared;
              if (method.getName().startsWith("execute")) {
                statements.add(sql);
              }
              try {
                Object result = method.invoke(target, arguments);
                if (result instanceof PreparedStatement) {
                  return proxy(PreparedStatement.class, result, sql);
                }
                return (result instanceof Statement)
                    ? proxy(Statement.class, result, null)
                    : result;
              } catch (InvocationTargetException ex) {
                throw ex.getCause();
              }
            }));
  }
}
