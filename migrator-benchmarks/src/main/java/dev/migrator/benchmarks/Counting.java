package dev.migrator.benchmarks;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Counts the statements that are sent through it, and how often a connection was taken. */
final class Counting extends DelegatingDataSource {

  private final AtomicLong transactions = new AtomicLong();

  private final AtomicLong statements = new AtomicLong();

  Counting(DataSource target) {
    super(target);
  }

  /** Each is one transaction, or one statement without. */
  long transactions() {
    return transactions.get();
  }

  long statements() {
    return statements.get();
  }

  @Override
  public Connection getConnection() throws SQLException {
    transactions.incrementAndGet();
    return proxy(Connection.class, super.getConnection());
  }

  private <T> T proxy(Class<T> type, Object target) {
    return type.cast(
        Proxy.newProxyInstance(
            Counting.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, args) -> {
              if (method.getName().startsWith("execute")) {
                statements.incrementAndGet();
              }
              try {
                Object result = method.invoke(target, args);
                if (result instanceof PreparedStatement) {
                  return proxy(PreparedStatement.class, result);
                }
                return (result instanceof Statement && target instanceof Connection)
                    ? proxy(Statement.class, result)
                    : result;
              } catch (InvocationTargetException ex) {
                throw ex.getCause();
              }
            }));
  }
}
