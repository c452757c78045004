package dev.migrator.test.rehearsal;

import dev.migrator.plan.LockMode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;

/**
 * Looks from outside at what a session does: the locks are read by another connection, so that
 * nothing in the transaction is other than in production. Tables that the transaction has made are
 * not seen, as nobody uses them yet.
 */
final class Eye implements AutoCloseable {

  private static final String WAL =
      "SELECT pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0')::bigint";

  private static final String LOCKS =
      """
      SELECT CASE WHEN n.nspname = 'public' THEN pg_catalog.quote_ident(c.relname)
                  ELSE pg_catalog.format('%I.%I', n.nspname, c.relname) END AS name, l.mode
        FROM pg_catalog.pg_locks l
        JOIN pg_catalog.pg_class c ON c.oid = l.relation
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE l.pid = ? AND l.granted AND l.locktype = 'relation' AND c.relkind IN ('r', 'p', 'm')
         AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
         AND l.mode <> 'SIReadLock'
         AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'migrator', 'pg_toast')
      """;

  private final Connection connection;

  private final PreparedStatement locks;

  private final PreparedStatement wal;

  Eye(DataSource dataSource) throws SQLException {
    connection = dataSource.getConnection();
    locks = connection.prepareStatement(LOCKS);
    wal = connection.prepareStatement(WAL);
  }

  /** A lock that a session has. */
  record Seen(String table, LockMode mode) {}

  synchronized List<Seen> locks(int pid) throws SQLException {
    List<Seen> seen = new ArrayList<>();
    locks.setInt(1, pid);
    try (ResultSet rs = locks.executeQuery()) {
      while (rs.next()) {
        seen.add(new Seen(rs.getString("name"), mode(rs.getString("mode"))));
      }
    }
    return seen;
  }

  /** How far the server's log is, in bytes. */
  synchronized long wal() throws SQLException {
    try (ResultSet rs = wal.executeQuery()) {
      rs.next();
      return rs.getLong(1);
    }
  }

  /** {@code AccessExclusiveLock} is what the server says. */
  private static LockMode mode(String name) {
    return LockMode.valueOf(
        name.replaceFirst("Lock$", "")
            .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
            .toUpperCase(Locale.ROOT));
  }

  @Override
  public synchronized void close() throws SQLException {
    connection.close();
  }
}
