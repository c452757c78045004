package dev.migrator.internal.fleet;

import dev.migrator.internal.operation.OperationFacts.Sides;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.sql.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Signs of clients of the old side that have not registered: a report, a job, an application
 * without this library. They hold nothing, as they are no evidence; a person should know of them
 * before the old side goes.
 */
public final class UnregisteredClients {

  private static final Logger logger = LoggerFactory.getLogger(UnregisteredClients.class);

  private static final int MOST = 10;

  private final Database database;

  private final Duration newSession;

  public UnregisteredClients(Database database, Duration newSession) {
    this.database = database;
    this.newSession = newSession;
  }

  /** For a migration whose contract is near. To be called without a transaction. */
  public List<String> of(Declaration declaration) {
    List<String> signs = new ArrayList<>(sessions());
    for (Sides sides : declaration.sides().toList()) {
      for (String column : sides.oldColumns()) {
        signs.addAll(statements(sides.table(), column));
      }
    }
    return signs;
  }

  /** Sessions that come from where no live instance has registered from, or by another name. */
  private List<String> sessions() {
    return query(
        """
        SELECT format('%s session(s) of role "%s" from %s, application "%s", belong to no registered instance',
                      count(*), a.usename, coalesce(host(a.client_addr), 'the server itself'),
                      a.application_name)
          FROM pg_stat_activity a
         WHERE a.datname = current_database() AND a.backend_type = 'client backend'
           AND a.pid <> pg_backend_pid() AND a.application_name <> 'migrator'
           -- A session that has just begun has not set its name yet.
           AND (a.application_name <> '' OR a.backend_start < now() - ?::interval)
           AND NOT EXISTS (SELECT FROM migrator.instance i
                            WHERE i.left_at IS NULL
                              AND i.address IS NOT DISTINCT FROM a.client_addr
                              AND i.session_name IS NOT DISTINCT FROM a.application_name)
         GROUP BY a.usename, a.client_addr, a.application_name
         ORDER BY count(*) DESC LIMIT ?
        """,
        newSession.toMillis() + " milliseconds", MOST);
  }

  /** Statements as the server has normalized them, without the values that were sent. */
  private List<String> statements(String table, String column) {
    return query("SELECT 'there' WHERE to_regclass('pg_stat_statements') IS NOT NULL").isEmpty()
        ? List.of()
        : query(
            """
            SELECT format('called %s times since the statistics were reset: %s', s.calls,
                          left(regexp_replace(s.query, '\\s+', ' ', 'g'), 200))
              FROM pg_stat_statements s
             WHERE s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
               AND s.query ~* '^\\s*(select|insert|update|delete|merge|with)\\M'
               AND s.query !~ 'migrator'
               AND s.query ~* ('\\m' || regexp_replace(?, '\\W', '.', 'g') || '\\M')
               AND s.query ~* ('\\m' || regexp_replace(?, '\\W', '.', 'g') || '\\M')
             ORDER BY s.calls DESC LIMIT ?
            """,
            table, column, MOST);
  }

  /**
   * In a transaction of its own: it may fail for want of a privilege or of the extension's library.
   */
  private List<String> query(String sql, Object... parameters) {
    try {
      return database.inTransaction(
          () -> database.jdbc().sql(sql).params(parameters).query(String.class).list());
    } catch (DataAccessException | TransactionException ex) {
      logger.debug("not readable", ex);
      return List.of();
    }
  }
}
