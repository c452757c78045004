package dev.migrator.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The one seam to JDBC. Everything runs in a transaction of its own, also single reads: a pool may
 * have auto-commit off. Settings are made for the transaction only, so that nothing stays on a
 * pooled connection, and nothing is lost behind a transaction pooler.
 */
public final class Database {

  private final DataSource dataSource;

  private final JdbcClient jdbc;

  private final JdbcTemplate template;

  private final TransactionTemplate transactions;

  private final ThreadLocal<Boolean> working = new ThreadLocal<>();

  /**
   * Uses a data source, whatever pool it is.
   *
   * @param dataSource connects to the database with the right to change the tables
   */
  public Database(DataSource dataSource) {
    this.dataSource = dataSource;
    this.template = new JdbcTemplate(dataSource);
    this.jdbc = JdbcClient.create(template);
    this.transactions = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    // A caller's transaction must neither roll our journal back nor be committed by us.
    this.transactions.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
  }

  public JdbcClient jdbc() {
    return jdbc;
  }

  public <T extends @Nullable Object> T inTransaction(Supplier<T> work) {
    return once(() -> transactions.execute(status -> work.get()));
  }

  public void inTransaction(Runnable work) {
    inTransaction(
        () -> {
          work.run();
          return true;
        });
  }

  /** Does the work and takes back whatever it did. */
  public <T extends @Nullable Object> T andRollBack(Supplier<T> work) {
    return once(
        () ->
            transactions.execute(
                status -> {
                  status.setRollbackOnly();
                  return work.get();
                }));
  }

  /**
   * A transaction inside of a transaction would need a second connection, and a pool may have one.
   */
  private <T extends @Nullable Object> T once(Supplier<T> work) {
    if (Boolean.TRUE.equals(working.get())) {
      throw new IllegalStateException("a transaction of the migrator inside of another");
    }
    working.set(true);
    try {
      return work.get();
    } finally {
      working.remove();
    }
  }

  /**
   * Runs SQL that has no parameters, as it stands: a question mark in a user's expression is an
   * operator and not a parameter.
   */
  public void execute(String sql) {
    template.execute(sql);
  }

  /** Like {@link #execute}, and says how many rows it changed. */
  public int update(String sql) {
    return template.update(sql);
  }

  /** Like {@link #execute}, and reads its rows. */
  public <T extends @Nullable Object> List<T> query(String sql, RowMapper<T> mapper) {
    return template.query(sql, mapper);
  }

  /**
   * Runs one statement outside of any transaction.
   *
   * @param work gets a connection in auto-commit mode
   */
  public void outsideTransaction(ConnectionWork work) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      boolean before = connection.getAutoCommit();
      connection.setAutoCommit(true);
      try {
        work.run(connection);
      } finally {
        connection.setAutoCommit(before);
      }
    }
  }

  /**
   * Sets the limits of the current transaction.
   *
   * @param lockTimeout how long a statement may wait for a lock
   * @param statementTimeout how long a statement may take in all
   */
  public void limits(Duration lockTimeout, Duration statementTimeout) {
    // The idle limit ends the transaction of an instance that was frozen in the middle of a step:
    // its locks would otherwise block the application until it wakes up.
    jdbc.sql(
            """
            SELECT set_config('lock_timeout', ?, true),
                   set_config('statement_timeout', ?, true),
                   set_config('idle_in_transaction_session_timeout', ?, true),
                   set_config('application_name', 'migrator', true)
            """)
        .params(millis(lockTimeout), millis(statementTimeout), "5000ms")
        .query((rs, row) -> row)
        .single();
  }

  public void lockTimeout(Duration lockTimeout) {
    jdbc.sql("SELECT set_config('lock_timeout', ?, true)")
        .param(millis(lockTimeout))
        .query(String.class)
        .single();
  }

  private static String millis(Duration duration) {
    return Math.max(1, duration.toMillis()) + "ms";
  }

  /** Work on a connection. */
  @FunctionalInterface
  public interface ConnectionWork {

    void run(Connection connection) throws SQLException;
  }
}
