package dev.migrator.autoconfigure.liquibase;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.NotReadyException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lock of the server's, held by an open transaction that has no snapshot: so it works behind a
 * transaction pooler, and no index that is built meanwhile waits for it.
 */
final class LiquibaseLock implements AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(LiquibaseLock.class);

  /** "mig-liq" as a number; no other lock of this library has it. */
  static final long KEY = 0x6d69672d6c6971L;

  private static final Duration AGAIN = Duration.ofMillis(200);

  /** Of this transaction only: nothing stays on the connection. */
  private static final String SETTINGS =
      """
      SELECT set_config(name, '0', true)
        FROM pg_catalog.pg_settings
       WHERE name IN ('idle_in_transaction_session_timeout', 'transaction_timeout')
      """;

  private static final String HOLDER =
      """
      SELECT format('pid %%s, role "%%s", application "%%s", since %%s', l.pid, a.usename, a.application_name,
                    date_trunc('second', a.backend_start))
        FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
       WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
         AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
         AND (l.classid::bigint << 32 | l.objid::bigint) = %d
      """;

  private final Connection connection;

  private final boolean autoCommit;

  private LiquibaseLock(Connection connection, boolean autoCommit) {
    this.connection = connection;
    this.autoCommit = autoCommit;
  }

  /**
   * Takes it, and waits for others without holding anything meanwhile.
   *
   * @return {@code null} if the database is not PostgreSQL
   * @throws NotReadyException if another one has it for longer than the limit
   */
  static @Nullable LiquibaseLock take(DataSource dataSource, Duration limit) throws SQLException {
    Connection connection = dataSource.getConnection();
    boolean taken = false;
    try {
      if (!connection.getMetaData().getDatabaseProductName().equals("PostgreSQL")) {
        return null;
      }
      LiquibaseLock lock = new LiquibaseLock(connection, connection.getAutoCommit());
      connection.setAutoCommit(false);
      lock.await(limit);
      taken = true;
      return lock;
    } finally {
      if (!taken) {
        connection.close();
      }
    }
  }

  private void await(Duration limit) throws SQLException {
    long giveUp = System.nanoTime() + limit.toNanos();
    boolean told = false;
    while (!tryOnce()) {
      String holder = one(HOLDER.formatted(KEY));
      connection.rollback();
      if (System.nanoTime() - giveUp > 0 || Thread.currentThread().isInterrupted()) {
        throw new NotReadyException(
            ErrorCode.LIQUIBASE_BUSY,
            "another instance has run Liquibase for longer than %s (migrator.liquibase.limit): %s. Look what it waits for, or end its session by pg_terminate_backend"
                .formatted(limit, holder));
      }
      if (!told) {
        logger.info("waiting for another instance that runs Liquibase: {}", holder);
        told = true;
      }
      LockSupport.parkNanos(AGAIN.toNanos());
    }
  }

  private boolean tryOnce() throws SQLException {
    // A stricter one, where that is the default, keeps its snapshot.
    set("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
    one(SETTINGS);
    boolean taken =
        "t".equals(one("SELECT pg_catalog.pg_try_advisory_xact_lock(%d)".formatted(KEY)));
    // Else the portal of the query stays, and with it the query's snapshot.
    set("SET LOCAL application_name = 'migrator'");
    return taken;
  }

  private void set(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private @Nullable String one(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rs = statement.executeQuery(sql)) {
      return rs.next() ? rs.getString(1) : null;
    }
  }

  @Override
  public void close() {
    try (connection) {
      connection.rollback();
      connection.setAutoCommit(autoCommit);
    } catch (SQLException ex) {
      // Without its session the lock is gone as well.
      logger.debug("the lock of the guard could not be released", ex);
    }
  }
}
