package dev.migrator.autoconfigure.connections;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.DriverDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * Tells {@link ProtectedPools} which connections a Hikari pool opens, from the place where it gets
 * them. The pool itself stays as it is, with its metrics.
 */
final class HikariConnections implements BeanPostProcessor, Ordered {

  private final ProtectedPools protection;

  HikariConnections(ProtectedPools protection) {
    this.protection = protection;
  }

  @Override
  public Object postProcessBeforeInitialization(Object bean, String name) {
    if (bean instanceof HikariDataSource pool
        && !pool.isRunning()
        && pool.getDataSource() == null
        && pool.getDataSourceClassName() == null
        && pool.getJdbcUrl() != null) {
      pool.setDataSource(new Driver(pool));
      protection.hooked(pool);
    }
    return bean;
  }

  /** After the properties of the pool were bound. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }

  /** What the pool would make of its own settings, made when it opens its first connection. */
  private final class Driver extends AbstractDataSource {

    private final HikariDataSource pool;

    private @Nullable DriverDataSource driver;

    Driver(HikariDataSource pool) {
      this.pool = pool;
    }

    private synchronized DriverDataSource driver() {
      if (driver == null) {
        driver =
            new DriverDataSource(
                pool.getJdbcUrl(),
                pool.getDriverClassName(),
                pool.getDataSourceProperties(),
                pool.getUsername(),
                pool.getPassword());
      }
      return driver;
    }

    @Override
    public Connection getConnection() throws SQLException {
      Connection connection = driver().getConnection();
      protection.opened(connection);
      return connection;
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
      Connection connection = driver().getConnection(username, password);
      protection.opened(connection);
      return connection;
    }

    @Override
    public void setLoginTimeout(int timeout) throws SQLException {
      driver().setLoginTimeout(timeout);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
      return driver().getLoginTimeout();
    }
  }
}
