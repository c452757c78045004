package dev.migrator.test;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement that was tried, and what it really did.
 *
 * @param file the file that it stands in
 * @param line the line that it begins in, from 1
 * @param sql the statement
 * @param inTransaction whether it ran in a transaction; of one that cannot, the locks are not read
 * @param error why the server refused it; {@code null} if it did not
 * @param locks the locks that it took on tables which were there before it, read from the server
 * @param rewritten the tables that were written anew
 * @param findings what is unsafe beside a running application
 */
public record CheckedStatement(
    String file,
    int line,
    String sql,
    boolean inTransaction,
    @Nullable String error,
    List<Lock> locks,
    List<String> rewritten,
    List<CheckFinding> findings) {

  /** Copies the lists. */
  public CheckedStatement {
    locks = List.copyOf(locks);
    rewritten = List.copyOf(rewritten);
    findings = List.copyOf(findings);
  }

  /**
   * A lock on a table.
   *
   * @param table the table, with its schema
   * @param mode as the server says it, such as {@code AccessExclusiveLock}
   */
  public record Lock(String table, String mode) {

    /** Whether statements that write rows wait for it. */
    public boolean blocksWrites() {
      return List.of("ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock")
          .contains(mode);
    }

    /** Whether queries wait for it. */
    public boolean blocksReads() {
      return mode.equals("AccessExclusiveLock");
    }

    static List<Lock> heldBy(Connection connection) throws SQLException {
      List<Lock> locks = new ArrayList<>();
      try (Statement statement = connection.createStatement();
          ResultSet rs =
              statement.executeQuery(
                  """
                  SELECT n.nspname || '.' || c.relname AS name, l.mode
                    FROM pg_catalog.pg_locks l
                    JOIN pg_catalog.pg_class c ON c.oid = l.relation
                    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                   WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND l.granted
                     AND c.relkind IN ('r', 'p', 'm')
                     AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
                   ORDER BY 1, 2
                  """)) {
        while (rs.next()) {
          locks.add(new Lock(rs.getString("name"), rs.getString("mode")));
        }
      }
      return locks;
    }
  }
}
