package dev.migrator.internal.sql;

import java.io.Reader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.StatementCallback;

/**
 * Runs statements that may take long. Each begins with a mark in a comment, by which another
 * connection finds it at the server: behind a transaction pooler the process id of the session is
 * unknown.
 */
final class LongStatements {

  private static final String MARK = "/* migrator %s */ ";

  static final int MARK_LENGTH = MARK.formatted(new UUID(0, 0)).length();

  private static final Logger logger = LoggerFactory.getLogger(LongStatements.class);

  private final ImpatientDataSource dataSource;

  private final JdbcTemplate template;

  private final Set<Running> running = ConcurrentHashMap.newKeySet();

  LongStatements(ImpatientDataSource dataSource, JdbcTemplate template) {
    this.dataSource = dataSource;
    this.template = template;
  }

  /**
   * Runs one statement outside of any transaction and without a limit of time. CREATE INDEX
   * CONCURRENTLY counts its waits for other transactions as waits for locks, and a short limit
   * would leave an invalid index behind each time.
   */
  void runUnlimited(String sql, Map<String, String> settings) {
    try (Connection connection = dataSource.getConnection()) {
      boolean autoCommit = connection.getAutoCommit();
      connection.setAutoCommit(true);
      try (Statement statement = connection.createStatement();
          SessionSettings changed = SessionSettings.unlimited(connection, settings)) {
        run(statement, sql, statement::execute);
      } finally {
        restoreAutoCommit(connection, autoCommit);
      }
    } catch (SQLException ex) {
      throw new UncategorizedSQLException("outside of a transaction", sql, ex);
    }
  }

  void execute(String sql) {
    template.execute(
        (StatementCallback<Boolean>) statement -> run(statement, sql, statement::execute));
  }

  List<Long> numbers(String sql) {
    return Objects.requireNonNull(
        template.execute(
            (StatementCallback<List<Long>>)
                statement -> run(statement, sql, marked -> firstRow(statement, marked))));
  }

  /**
   * Sends rows. Between two parts of them it ends by itself; while the server is at work on one, it
   * is told so by another connection.
   */
  void copyIn(String sql, Reader rows) {
    template.execute(
        (ConnectionCallback<Boolean>)
            connection -> {
              PGConnection driver = connection.unwrap(PGConnection.class);
              CancelledRows cancelled = new CancelledRows(rows);
              run(
                  () -> {
                    cancelled.cancel();
                    driver.cancelQuery();
                  },
                  mark -> {
                    CopyIn.run(connection, mark + sql, cancelled);
                    return true;
                  });
              return true;
            });
  }

  /** The mark of a running statement; empty if none runs. */
  Optional<String> mark() {
    return running.stream().map(Running::mark).findFirst();
  }

  void cancel() {
    for (Running now : running) {
      try {
        now.end().run();
      } catch (SQLException ex) {
        // It ends by itself, or its connection is lost.
        logger.debug("a statement could not be cancelled", ex);
      }
    }
  }

  private <T> T run(Statement statement, String sql, SqlWork<T> work) throws SQLException {
    return run(
        statement::cancel,
        mark -> ImpatientDataSource.patiently(statement, () -> work.on(mark + sql)));
  }

  private <T> T run(SqlEnd end, SqlWork<T> work) throws SQLException {
    Running now = new Running(end, MARK.formatted(UUID.randomUUID()));
    running.add(now);
    try {
      return work.on(now.mark());
    } finally {
      running.remove(now);
    }
  }

  private static List<Long> firstRow(Statement statement, String sql) throws SQLException {
    List<Long> numbers = new ArrayList<>();
    try (ResultSet rs = statement.executeQuery(sql)) {
      rs.next();
      for (int i = 1; i <= rs.getMetaData().getColumnCount(); i++) {
        numbers.add(rs.getLong(i));
      }
    }
    return numbers;
  }

  private static void restoreAutoCommit(Connection connection, boolean autoCommit) {
    try {
      connection.setAutoCommit(autoCommit);
    } catch (SQLException ex) {
      // A lost connection does not go back to the pool.
      logger.debug("auto-commit could not be restored", ex);
    }
  }

  private record Running(SqlEnd end, String mark) {}

  @FunctionalInterface
  private interface SqlEnd {
    void run() throws SQLException;
  }

  @FunctionalInterface
  private interface SqlWork<T> {
    T on(String sql) throws SQLException;
  }
}
