package dev.migrator.internal.sql;

import dev.migrator.internal.operation.column.TriggerSql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.StatementCallback;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The one seam to JDBC. Everything that writes runs in a transaction of its own: a pool may have
 * auto-commit off. Settings are made for the transaction only, so that nothing stays on a pooled
 * connection, and nothing is lost behind a transaction pooler.
 */
public final class Database {

  /** How other sessions see that a transaction is one of ours. */
  public static final String SESSION_NAME = "migrator";

  private static final Logger logger = LoggerFactory.getLogger(Database.class);

  private final ImpatientDataSource dataSource;

  private final JdbcClient jdbc;

  private final JdbcTemplate template;

  private final TransactionTemplate transactions;

  private final Set<Running> running = ConcurrentHashMap.newKeySet();

  private volatile @Nullable Boolean autoCommit;

  private final ThreadLocal<Boolean> working = new ThreadLocal<>();

  /**
   * Uses a data source, whatever pool it is.
   *
   * @param dataSource connects to the database with the right to change the tables
   */
  public Database(DataSource dataSource) {
    this.dataSource = new ImpatientDataSource(dataSource);
    this.template = new JdbcTemplate(this.dataSource);
    this.jdbc = JdbcClient.create(template);
    this.transactions = new TransactionTemplate(new JdbcTransactionManager(this.dataSource));
    // A caller's transaction must neither roll our journal back nor be committed by us.
    this.transactions.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
  }

  public JdbcClient jdbc() {
    return jdbc;
  }

  public <T extends @Nullable Object> T inTransaction(Supplier<T> work) {
    return once(work, false);
  }

  public void inTransaction(Runnable work) {
    inTransaction(
        () -> {
          work.run();
          return true;
        });
  }

  /**
   * One small query. Without a transaction of its own where the pool's connections commit by
   * themselves, so that a start with nothing to do costs no more statements than it asks questions.
   */
  public <T extends @Nullable Object> T read(Supplier<T> query) {
    return query.get();
  }

  /**
   * One statement that writes, committed when this returns: by itself where the pool's connections
   * do so, so that a start does not send more statements than it needs.
   */
  public <T extends @Nullable Object> T write(Supplier<T> statement) {
    boolean alone = !TransactionSynchronizationManager.isActualTransactionActive();
    return (alone && commitsByItself()) ? statement.get() : inTransaction(statement);
  }

  private boolean commitsByItself() {
    Boolean known = autoCommit;
    if (known == null) {
      known =
          Boolean.TRUE.equals(
              template.execute((ConnectionCallback<Boolean>) Connection::getAutoCommit));
      autoCommit = known;
    }
    return known;
  }

  /** What kind of database it is, as its driver says. */
  public String productName() {
    String name =
        template.execute(
            (ConnectionCallback<String>)
                connection -> connection.getMetaData().getDatabaseProductName());
    return (name == null) ? "unknown" : name;
  }

  /**
   * Does some work of this thread with connections that are given up, and break, when the server
   * does not answer.
   *
   * @param limit for each answer
   */
  public <T extends @Nullable Object> T answeringWithin(Duration limit, Supplier<T> work) {
    return dataSource.within(limit, work);
  }

  /**
   * Does the work and rolls back whatever it did. What does so inside of it is a part of the same
   * transaction, and is rolled back alone.
   */
  public <T extends @Nullable Object> T andRollBack(Supplier<T> work) {
    return Boolean.TRUE.equals(working.get()) ? partRolledBack(work) : once(work, true);
  }

  private <T extends @Nullable Object> T partRolledBack(Supplier<T> work) {
    template.execute("SAVEPOINT migrator_part");
    T result;
    try {
      result = work.get();
    } catch (RuntimeException ex) {
      try {
        rollBackPart();
      } catch (RuntimeException second) {
        // HikariCP closes a connection at SQLSTATE 0A000: that must not hide why.
        ex.addSuppressed(second);
      }
      throw ex;
    }
    rollBackPart();
    return result;
  }

  private void rollBackPart() {
    template.execute("ROLLBACK TO SAVEPOINT migrator_part; RELEASE SAVEPOINT migrator_part");
  }

  /** Does a part of a transaction, and takes back that part alone if it fails. */
  public <T extends @Nullable Object> T attempt(Supplier<T> part) {
    template.execute("SAVEPOINT migrator");
    T result;
    try {
      result = part.get();
    } catch (RuntimeException ex) {
      template.execute("ROLLBACK TO SAVEPOINT migrator");
      throw ex;
    }
    template.execute("RELEASE SAVEPOINT migrator");
    return result;
  }

  /**
   * A transaction inside of a transaction would need a second connection, and a pool may have one.
   */
  private <T extends @Nullable Object> T once(Supplier<T> work, boolean rollBack) {
    if (Boolean.TRUE.equals(working.get())) {
      throw new IllegalStateException("a transaction of the migrator inside of another");
    }
    working.set(true);
    try {
      return transactions.execute(
          status -> {
            if (rollBack) {
              status.setRollbackOnly();
            }
            // Whatever an instance is frozen in the middle of, also the taking of the lease, the
            // server ends: its locks would keep all others away until it wakes up.
            // Whatever is set for the role or the pool, a statement must see what was
            // committed while the transaction waited for a lock: what the lease and the fleet's
            // gate rest on.
            template.execute(
                "SET TRANSACTION ISOLATION LEVEL READ COMMITTED;"
                    + " SET LOCAL idle_in_transaction_session_timeout = '5s'");
            return work.get();
          });
    } catch (TransactionSystemException ex) {
      // HikariCP closes a connection at SQLSTATE 0A000, "not supported": the roll back then
      // fails as well, and must not hide why it was wanted.
      if (ex.getApplicationException() instanceof RuntimeException reason) {
        throw reason;
      }
      throw ex;
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
   * Runs one statement outside of any transaction and without a limit of time. CREATE INDEX
   * CONCURRENTLY counts its waits for other transactions as waits for locks, and a short limit
   * would leave an invalid index behind each time.
   *
   * @throws UncategorizedSQLException if it failed or was cancelled by {@link #cancelLongStatement}
   */
  public void runUnlimited(String sql) {
    runUnlimited(sql, Map.of());
  }

  /**
   * The same with settings for that statement.
   *
   * @param settings names and values; what was there before is put back
   */
  public void runUnlimited(String sql, Map<String, String> settings) {
    try (Connection connection = dataSource.getConnection()) {
      boolean autoCommit = connection.getAutoCommit();
      connection.setAutoCommit(true);
      try (Statement statement = connection.createStatement()) {
        Map<String, String> before = set(statement, settings);
        try {
          runs(statement, sql, statement::execute);
        } finally {
          restore(connection, before);
        }
      } finally {
        restoreAutoCommit(connection, autoCommit);
      }
    } catch (SQLException ex) {
      throw new UncategorizedSQLException("outside of a transaction", sql, ex);
    }
  }

  /** Like {@link #execute}, for what may take long and can be cancelled. */
  public void executeLong(String sql) {
    template.execute(
        (StatementCallback<Boolean>) statement -> runs(statement, sql, statement::execute));
  }

  /** Reads one number by a query that may take long and can be cancelled. */
  public long countLong(String sql) {
    Long count =
        template.execute(
            (StatementCallback<Long>)
                statement -> runs(statement, sql, marked -> first(statement, marked)));
    return (count == null) ? 0 : count;
  }

  /** Reads one row of numbers by a query that may take long and can be cancelled. */
  public List<Long> numbersLong(String sql) {
    List<Long> numbers =
        template.execute(
            (StatementCallback<List<Long>>)
                statement -> runs(statement, sql, marked -> row(statement, marked)));
    return (numbers == null) ? List.of() : numbers;
  }

  private static List<Long> row(Statement statement, String sql) throws SQLException {
    List<Long> numbers = new ArrayList<>();
    try (ResultSet rs = statement.executeQuery(sql)) {
      rs.next();
      for (int i = 1; i <= rs.getMetaData().getColumnCount(); i++) {
        numbers.add(rs.getLong(i));
      }
    }
    return numbers;
  }

  private static long first(Statement statement, String sql) throws SQLException {
    try (ResultSet rs = statement.executeQuery(sql)) {
      rs.next();
      return rs.getLong(1);
    }
  }

  /**
   * The mark is how another connection finds the statement at the server: behind a transaction
   * pooler the process id of the session is not to be had.
   */
  private <T> T runs(Statement statement, String sql, SqlWork<T> work) throws SQLException {
    Running now = new Running(statement, "/* migrator %s */ ".formatted(UUID.randomUUID()));
    running.add(now);
    try {
      return ImpatientDataSource.patiently(statement, () -> work.on(now.mark() + sql));
    } finally {
      running.remove(now);
    }
  }

  /** What the long statement that is under way begins with; empty if there is none. */
  public Optional<String> longStatement() {
    return running.stream().map(Running::mark).findFirst();
  }

  private record Running(Statement statement, String mark) {}

  @FunctionalInterface
  private interface SqlWork<T> {
    T on(String sql) throws SQLException;
  }

  /** Ends what {@link #runUnlimited} or {@link #executeLong} is doing, if it is doing anything. */
  public void cancelLongStatement() {
    for (Running now : running) {
      try {
        now.statement().cancel();
      } catch (SQLException ex) {
        // It ends by itself, or its connection is gone.
        logger.debug("a statement could not be cancelled", ex);
      }
    }
  }

  /** Only what is limited is changed, and it is put back: the connection goes back to the pool. */
  private static Map<String, String> set(Statement statement, Map<String, String> settings)
      throws SQLException {
    Map<String, String> wanted = new HashMap<>(settings);
    wanted.put("lock_timeout", "0");
    wanted.put("statement_timeout", "0");
    Map<String, String> before = new HashMap<>();
    for (Map.Entry<String, String> setting : wanted.entrySet()) {
      try (ResultSet rs = statement.executeQuery("SHOW " + setting.getKey())) {
        rs.next();
        if (!rs.getString(1).equals(setting.getValue())) {
          before.put(setting.getKey(), rs.getString(1));
        }
      }
    }
    for (String name : before.keySet()) {
      statement.execute(
          "SET " + name + " = " + Identifiers.literal(wanted.getOrDefault(name, "0")));
    }
    return before;
  }

  private static void restore(Connection connection, Map<String, String> before) {
    for (Map.Entry<String, String> setting : before.entrySet()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            "SET " + setting.getKey() + " = " + Identifiers.literal(setting.getValue()));
      } catch (SQLException ex) {
        // The connection is lost, and its settings with it. What lost it is what counts.
        return;
      }
    }
  }

  private static void restoreAutoCommit(Connection connection, boolean autoCommit) {
    try {
      connection.setAutoCommit(autoCommit);
    } catch (SQLException ex) {
      // As above: a lost connection does not go back to the pool.
      return;
    }
  }

  /**
   * Sets the limits of the current transaction.
   *
   * @param lockTimeout how long a statement may wait for a lock
   * @param statementTimeout how long a statement may take in all
   */
  public void limits(Duration lockTimeout, Duration statementTimeout) {
    jdbc.sql(
            """
            SELECT set_config('lock_timeout', ?, true),
                   set_config('statement_timeout', ?, true),
                   set_config('application_name', ?, true),
                   -- Ends the statement of an instance that was killed; only Linux servers can.
                   CASE WHEN version() LIKE '%linux%'
                        THEN set_config('client_connection_check_interval', '1s', true) END
            """)
        .params(millis(lockTimeout), millis(statementTimeout), SESSION_NAME)
        .query((rs, row) -> row)
        .single();
  }

  /**
   * The same for a range of a backfill, and tells our triggers that it is one.
   *
   * <p>A range that has locked rows and waits for another one may be a part of a deadlock. The
   * server ends whoever looks first, deadlock_timeout after its wait began. By then a range has
   * given up, so that it never is a statement of the application that fails.
   */
  public void rangeLimits(Duration lockTimeout, Duration statementTimeout, boolean userTriggers) {
    limits(lockTimeout, statementTimeout);
    execute(
        """
        SELECT set_config('%s', 'on', true),
               set_config('lock_timeout', greatest(1, least(
                   EXTRACT(epoch FROM current_setting('lock_timeout')::interval),
                   EXTRACT(epoch FROM current_setting('deadlock_timeout')::interval) / 2) * 1000)::int::text, true)
        """
            .formatted(TriggerSql.BACKFILL_MARK));
    if (!userTriggers) {
      // Neither do ours fire: what the backfill writes agrees without them.
      execute("SET LOCAL session_replication_role = replica");
    }
  }

  public void lockTimeout(Duration lockTimeout) {
    jdbc.sql("SELECT set_config('lock_timeout', ?, true)")
        .param(millis(lockTimeout))
        .query(String.class)
        .single();
  }

  /** No limit for what blocks nobody. */
  public static final Duration UNLIMITED = Duration.ZERO;

  private static String millis(Duration duration) {
    return duration.equals(UNLIMITED) ? "0" : Math.max(1, duration.toMillis()) + "ms";
  }
}
