package dev.migrator.run;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Does something once, right before a statement that contains a text is sent. */
final class HookedDataSource extends DelegatingDataSource {

  private final String text;

  private final Runnable hook;

  private final AtomicBoolean done = new AtomicBoolean();

  HookedDataSource(DataSource dataSource, String text, Runnable hook) {
    super(dataSource);
    this.text = text;
    this.hook = hook;
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = super.getConnection();
    return proxy(
        Connection.class,
        connection,
        created ->
            (created instanceof Statement statement)
                ? proxy(Statement.class, statement, result -> result)
                : created);
  }

  private <T> T proxy(Class<T> type, T target, java.util.function.UnaryOperator<Object> wrap) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> {
              boolean met = args != null && args[0] instanceof String sql && sql.contains(text);
              if (met && done.compareAndSet(false, true)) {
                hook.run();
              }
              try {
                Object result = method.invoke(target, args);
                return method.getName().equals("createStatement") ? wrap.apply(result) : result;
              } catch (InvocationTargetException ex) {
                throw ex.getCause();
              }
            }));
  }
}
