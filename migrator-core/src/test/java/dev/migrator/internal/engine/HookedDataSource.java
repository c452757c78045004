package dev.migrator.internal.engine;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Does something once, right before a statement that contains a text is sent. */
final class HookedDataSource extends DelegatingDataSource {

  private final String text;

  private final Consumer<Connection> hook;

  private final AtomicBoolean done = new AtomicBoolean();

  HookedDataSource(DataSource dataSource, String text, Runnable hook) {
    this(dataSource, text, connection -> hook.run());
  }

  /**
   * The same.
   *
   * @param hook gets the connection that the statement is about to be sent by
   */
  HookedDataSource(DataSource dataSource, String text, Consumer<Connection> hook) {
    super(dataSource);
    this.text = text;
    this.hook = hook;
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = super.getConnection();
    return proxy(
        connection,
        Connection.class,
        connection,
        created ->
            (created instanceof Statement statement)
                ? proxy(connection, Statement.class, statement, result -> result)
                : created);
  }

  private <T> T proxy(Connection connection, Class<T> type, T target, UnaryOperator<Object> wrap) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> {
              boolean met = args != null && args[0] instanceof String sql && sql.contains(text);
              if (met && done.compareAndSet(false, true)) {
                hook.accept(connection);
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
