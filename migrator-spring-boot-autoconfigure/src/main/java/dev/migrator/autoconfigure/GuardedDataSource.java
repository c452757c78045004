package dev.migrator.autoconfigure;

import dev.migrator.error.ErrorCode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Gives no connection while this instance must not serve. */
final class GuardedDataSource extends DelegatingDataSource {

  private static final ThreadLocal<Boolean> PASSING = ThreadLocal.withInitial(() -> false);

  private final DataSource target;

  private final BooleanSupplier mayServe;

  GuardedDataSource(DataSource target, BooleanSupplier mayServe) {
    super(target);
    this.target = target;
    this.mayServe = mayServe;
  }

  DataSource target() {
    return target;
  }

  @Override
  public Connection getConnection() throws SQLException {
    check();
    return checked(target.getConnection());
  }

  @Override
  public Connection getConnection(String username, String password) throws SQLException {
    check();
    return checked(target.getConnection(username, password));
  }

  /** Checks again, as getting the connection may have taken time: in the pool, or in a freeze. */
  private Connection checked(Connection connection) throws SQLException {
    try {
      check();
      return connection;
    } catch (SQLTransientConnectionException ex) {
      connection.close();
      throw ex;
    }
  }

  private void check() throws SQLTransientConnectionException {
    if (!PASSING.get() && !mayServe.getAsBoolean()) {
      throw new SQLTransientConnectionException(
          ErrorCode.LEASE_EXPIRED
              + ": this instance must not use the database at present: it could not renew its lease in"
              + " the fleet, and others may have removed what its code needs"
              + " (migrator.fleet.guard-data-source)");
    }
  }

  /** Gets a connection past every guard, also past one that the target delegates to. */
  static final class Pass extends DelegatingDataSource {

    private final DataSource target;

    Pass(DataSource target) {
      super(target);
      this.target = target;
    }

    @Override
    public Connection getConnection() throws SQLException {
      PASSING.set(true);
      try {
        return target.getConnection();
      } finally {
        PASSING.remove();
      }
    }
  }
}
