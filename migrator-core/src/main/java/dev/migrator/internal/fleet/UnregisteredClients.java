package dev.migrator.internal.fleet;

import dev.migrator.internal.operation.OperationFacts.Sides;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.UnregisteredSessions;
import dev.migrator.internal.sql.Database;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Signs of clients of the old side that have not registered: a report, a job, an application
 * without this library. In mode auto, sessions hold the contract; for the rest a person should know
 * of them before the old side goes.
 */
public final class UnregisteredClients {

  private static final Logger logger = LoggerFactory.getLogger(UnregisteredClients.class);

  private static final int MOST = 10;

  private final Database database;

  private final SessionReader sessions;

  public UnregisteredClients(Database database, SessionReader sessions) {
    this.database = database;
    this.sessions = sessions;
  }

  /** For a migration whose contract is near. To be called without a transaction. */
  public List<String> of(Declaration declaration) {
    List<String> signs = new ArrayList<>();
    for (UnregisteredSessions found : sessions(declaration)) {
      signs.add(found.describe() + ", which no registered instance accounts for");
    }
    for (Sides sides : declaration.sides()) {
      for (String column : sides.oldNames()) {
        signs.addAll(statements(sides.table(), column));
      }
    }
    return signs;
  }

  /** What cannot be read is no sign. */
  private List<UnregisteredSessions> sessions(Declaration declaration) {
    try {
      return database.inTransaction(() -> sessions.of(declaration));
    } catch (DataAccessException | TransactionException ex) {
      logger.debug("not readable", ex);
      return List.of();
    }
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
