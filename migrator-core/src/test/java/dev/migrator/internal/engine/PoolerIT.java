package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.status.MigrationStatus;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * PEERS 9.12: behind a transaction pooler, each transaction may meet another server session, and
 * whatever is set on a session meets somebody else. So each connection is handed out in turn, and
 * looked over when it comes back.
 */
class PoolerIT {

  private static final String SESSION =
      """
      SELECT string_agg(name || '=' || setting, ' ' ORDER BY name) || ' locks ' ||
             (SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory')
        FROM pg_settings
       WHERE name IN ('lock_timeout', 'statement_timeout', 'search_path', 'application_name',
                      'idle_in_transaction_session_timeout', 'client_connection_check_interval')
      """;

  private final Fixture fixture = Fixture.withoutJournal();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void nothingDependsOnASessionAndNothingIsLeftOnOne() throws SQLException {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL UNIQUE)",
        "CREATE INDEX lowered ON t (lower(a))",
        "INSERT INTO t SELECT n, 'x' || n FROM generate_series(1, 2000) n");
    TakingTurns sessions = new TakingTurns(fixture.dataSource(), 3);
    Migrator migrator =
        fixture.migrator(
            sessions,
            Fixture.SETTINGS.toBuilder().contract(it -> it.approved(Set.of("pooled"))).build(),
            Migration.define("pooled")
                .table("t")
                .renameColumn("a", "b")
                .switchRead()
                .dropColumn("a"));

    migrator.prepare();
    migrator.start();
    Fixture.awaitState(migrator, "pooled", MigrationStatus.State.COMPLETED);
    migrator.close();

    assertThat(sessions.changes).isEmpty();
    assertThat(sessions.handedOut).isGreaterThan(20);
    sessions.close();
  }

  /** Real connections in turn. The session's own limits are set, so that lifting them shows. */
  private static final class TakingTurns extends AbstractDataSource {

    private final Deque<Connection> free = new ArrayDeque<>();

    private final List<Connection> all = new ArrayList<>();

    private final List<String> changes = new ArrayList<>();

    private int handedOut;

    TakingTurns(DataSource source, int size) throws SQLException {
      for (int i = 0; i < size; i++) {
        Connection connection = source.getConnection();
        try (Statement statement = connection.createStatement()) {
          statement.execute("SET statement_timeout = '50s'; SET lock_timeout = '40s'");
        }
        free.add(connection);
        all.add(connection);
      }
    }

    @Override
    public synchronized Connection getConnection() throws SQLException {
      try {
        while (free.isEmpty()) {
          wait();
        }
      } catch (InterruptedException ex) {
        throw new SQLException(ex);
      }
      handedOut++;
      Connection real = free.removeFirst();
      String before = session(real);
      return (Connection)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {Connection.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("close")) {
                  giveBack(real, before);
                  return null;
                }
                try {
                  return method.invoke(real, arguments);
                } catch (InvocationTargetException ex) {
                  throw ex.getCause();
                }
              });
    }

    private synchronized void giveBack(Connection real, String before) throws SQLException {
      String after = session(real);
      if (!after.equals(before)) {
        changes.add(before + " -> " + after);
      }
      free.addLast(real);
      notifyAll();
    }

    private static String session(Connection connection) throws SQLException {
      try (Statement statement = connection.createStatement();
          ResultSet rs = statement.executeQuery(SESSION)) {
        rs.next();
        return rs.getString(1) + " auto-commit " + connection.getAutoCommit();
      }
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
      return getConnection();
    }

    synchronized void close() throws SQLException {
      for (Connection connection : all) {
        connection.close();
      }
    }
  }
}
