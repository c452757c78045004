package dev.migrator.internal.sql;

import dev.migrator.internal.Lazy;
import java.io.Reader;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The only access to JDBC. Everything that writes runs in its own transaction, because a pool may
 * have auto-commit off. Settings last for the transaction only: nothing stays on a pooled
 * connection, and nothing is lost behind a transaction pooler.
 */
public final class Database {

  /** The application name by which other sessions recognise a transaction of the library. */
  public static final String SESSION_NAME = "migrator";

  /** How many characters {@link #executeLong} puts before a statement. */
  public static final int LONG_MARK = LongStatements.MARK_LENGTH;

  /** No limit, for a statement that blocks nobody. */
  public static final Duration UNLIMITED = Duration.ZERO;

  /** Of so many and more, planning a query once is worth a transaction. */
  private static final int MANY = 3;

  /** By a function, of which the driver takes no notice: it would forget what it has prepared. */
  private static final String CATALOG_PATH =
      "SELECT pg_catalog.set_config('search_path', 'pg_catalog', true)";

  private final ImpatientDataSource dataSource;

  private final JdbcClient jdbc;

  private final PlanningTemplate template;

  private final TransactionParts parts;

  private final Lazy<TransactionTemplate> transactions;

  private final LongStatements longStatements;

  private final TransactionLimits limits;

  private final TransactionDefaults defaults;

  private final ThreadLocal<Boolean> transactionOpen = new ThreadLocal<>();

  /** Whether this thread is in {@link #byCatalogPath}. */
  private final ThreadLocal<Boolean> catalogPath = new ThreadLocal<>();

  /**
   * Uses a data source, with any pool.
   *
   * @param dataSource connects to the database with the right to change the tables
   */
  public Database(DataSource dataSource) {
    this.dataSource = new ImpatientDataSource(dataSource);
    this.template = new PlanningTemplate(this.dataSource);
    this.jdbc = JdbcClient.create(new NamedParameterJdbcTemplate(template), new LazyConversion());
    this.parts = new TransactionParts(template);
    this.longStatements = new LongStatements(this.dataSource, template);
    this.limits = new TransactionLimits(template, jdbc);
    this.defaults = new TransactionDefaults(template);
    this.transactions = new Lazy<>(this::transactionsOfTheirOwn);
  }

  /** A caller's transaction must neither roll the journal back nor be committed here. */
  private TransactionTemplate transactionsOfTheirOwn() {
    TransactionTemplate own = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    return own;
  }

  public JdbcClient jdbc() {
    return jdbc;
  }

  public <T extends @Nullable Object> T inTransaction(Supplier<T> work) {
    return transaction(work, false);
  }

  public void inTransaction(Runnable work) {
    inTransaction(
        () -> {
          work.run();
          return true;
        });
  }

  /**
   * Runs one small query, without an explicit transaction where the pool has auto-commit on: a
   * start with nothing to do then sends no statements but its queries.
   */
  public <T extends @Nullable Object> T read(Supplier<T> query) {
    return needsTransaction() ? inTransaction(query) : query.get();
  }

  /**
   * Reads by the same queries for each of several. For many they are planned once, in a transaction
   * of their own if there is none.
   */
  public <T extends @Nullable Object> T readForEach(int number, Supplier<T> queries) {
    if (number < MANY) {
      return read(queries);
    }
    return Boolean.TRUE.equals(transactionOpen.get())
        ? template.planningOnce(queries)
        : inTransaction(() -> template.planningOnce(queries));
  }

  /**
   * Learns what the sessions have, from a query that was made anyway.
   *
   * @param searchPath by what they find names
   * @param isolation that of their transactions by default
   */
  public void sessionsHave(String searchPath, String isolation) {
    defaults.know(searchPath, isolation);
  }

  private boolean needsTransaction() {
    return defaults.overrides() && !Boolean.TRUE.equals(transactionOpen.get());
  }

  /**
   * Runs one statement that writes, committed when this returns: by auto-commit where the pool has
   * it on, so that a start does not send more statements than it needs. Where it meets others in a
   * way that the server ends it for, which leaves nothing of it, it is sent once more.
   */
  public <T extends @Nullable Object> T write(Supplier<T> statement) {
    boolean alone = !TransactionSynchronizationManager.isActualTransactionActive();
    boolean direct = alone && !needsTransaction() && hasAutoCommit();
    try {
      return direct ? statement.get() : inTransaction(statement);
    } catch (DataAccessException ex) {
      if (!SqlState.isRolledBack(ex)) {
        throw ex;
      }
      return inTransaction(statement);
    }
  }

  private boolean hasAutoCommit() {
    Boolean known = dataSource.autoCommit();
    return (known != null)
        ? known
        : Boolean.TRUE.equals(
            template.execute((ConnectionCallback<Boolean>) Connection::getAutoCommit));
  }

  /** The name of the database product, from its driver. */
  public String productName() {
    String name =
        template.execute(
            (ConnectionCallback<String>)
                connection -> connection.getMetaData().getDatabaseProductName());
    return (name == null) ? "unknown" : name;
  }

  /**
   * Does work of this thread on connections that are closed when the server does not answer.
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
    return Boolean.TRUE.equals(transactionOpen.get())
        ? parts.rolledBack("", work)
        : transaction(work, true);
  }

  /**
   * The same by the server's own names only, so that definitions are written with the schemas of
   * everything else.
   */
  public <T extends @Nullable Object> T byCatalogPath(Supplier<T> work) {
    if (Boolean.TRUE.equals(catalogPath.get())) {
      return work.get();
    }
    catalogPath.set(true);
    try {
      return Boolean.TRUE.equals(transactionOpen.get())
          ? parts.rolledBack(CATALOG_PATH, work)
          : transaction(
              () -> {
                template.execute(CATALOG_PATH);
                return work.get();
              },
              true);
    } finally {
      catalogPath.remove();
    }
  }

  /**
   * Does work of a transaction that sends the same queries again and again: the server plans each
   * once, see {@link PlannedQueries}. The results of its queries must have the same types whatever
   * it changes meanwhile, as those of the catalog have.
   */
  public <T extends @Nullable Object> T planningOnce(Supplier<T> work) {
    return template.planningOnce(work);
  }

  /** Does a part of a transaction, and rolls back only that part if it fails. */
  public <T extends @Nullable Object> T attempt(Supplier<T> part) {
    return parts.attempt(part);
  }

  /** A nested transaction would need a second connection, and a pool may have only one. */
  private <T extends @Nullable Object> T transaction(Supplier<T> work, boolean rollBack) {
    if (Boolean.TRUE.equals(transactionOpen.get())) {
      throw new IllegalStateException("a transaction of the migrator inside of another");
    }
    transactionOpen.set(true);
    try {
      return transactions
          .get()
          .execute(
              status -> {
                if (rollBack) {
                  status.setRollbackOnly();
                }
                defaults.override();
                return work.get();
              });
    } catch (TransactionSystemException ex) {
      // HikariCP closes a connection at SQLSTATE 0A000, "not supported": the rollback then fails
      // as well, and must not hide the error that caused it.
      if (ex.getApplicationException() instanceof RuntimeException reason) {
        throw reason;
      }
      throw ex;
    } finally {
      transactionOpen.remove();
    }
  }

  /**
   * Runs SQL without parameters, unchanged: a question mark in a user's expression is an operator
   * and not a parameter.
   */
  public void execute(String sql) {
    template.execute(sql);
  }

  /** Runs a {@code COPY … FROM stdin} with its rows. */
  public void copyIn(String sql, Reader rows) {
    template.execute(
        (ConnectionCallback<Boolean>)
            connection -> {
              CopyIn.run(connection, sql, rows);
              return true;
            });
  }

  /** The same for one that may take long and can be cancelled. */
  public void copyInLong(String sql, Reader rows) {
    longStatements.copyIn(sql, rows);
  }

  /** Like {@link #execute}; returns the number of changed rows. */
  public int update(String sql) {
    return template.update(sql);
  }

  /** Like {@link #execute}; returns the rows. */
  public <T extends @Nullable Object> List<T> query(String sql, RowMapper<T> mapper) {
    return template.query(sql, mapper);
  }

  /**
   * Runs one statement outside of any transaction and without a limit of time, see {@link
   * LongStatements}.
   *
   * @throws UncategorizedSQLException if it failed or was cancelled by {@link #cancelLongStatement}
   */
  public void runUnlimited(String sql) {
    longStatements.runUnlimited(sql, Map.of());
  }

  /**
   * The same with settings for that statement.
   *
   * @param settings names and values; the previous values are restored
   */
  public void runUnlimited(String sql, Map<String, String> settings) {
    longStatements.runUnlimited(sql, settings);
  }

  /** Like {@link #execute}, for a statement that may take long and can be cancelled. */
  public void executeLong(String sql) {
    longStatements.execute(sql);
  }

  /** Reads one number by a query that may take long and can be cancelled. */
  public long countLong(String sql) {
    return longStatements.numbers(sql).get(0);
  }

  /** Reads one row of numbers by a query that may take long and can be cancelled. */
  public List<Long> numbersLong(String sql) {
    return longStatements.numbers(sql);
  }

  /** The mark that a running long statement begins with; empty if none runs. */
  public Optional<String> longStatement() {
    return longStatements.mark();
  }

  /** Cancels the running long statements, if any. */
  public void cancelLongStatement() {
    longStatements.cancel();
  }

  /**
   * Sets the limits of the current transaction.
   *
   * @param lockTimeout how long a statement may wait for a lock
   * @param statementTimeout how long a statement may take in all
   */
  public void limits(Duration lockTimeout, Duration statementTimeout) {
    limits.set(lockTimeout, statementTimeout);
  }

  /**
   * Sets the limits of a transaction that copies a range and records how far it has come, so that a
   * crash of the server loses either both or none of them, see {@link TransactionLimits}.
   */
  public void rangeLimits(Duration lockTimeout, Duration statementTimeout, boolean userTriggers) {
    limits.setForCopy(lockTimeout, statementTimeout, userTriggers, TransactionLimits.Commit.LATER);
  }

  /** Sets the limits of a transaction that copies all rows of a table. */
  public void copyLimits(Duration lockTimeout, Duration statementTimeout) {
    limits.setForCopy(lockTimeout, statementTimeout, true, TransactionLimits.Commit.DURABLE);
  }

  /** Sets the limits of a transaction behind the copy of its rows. */
  public void noRange(Duration lockTimeout, Duration statementTimeout) {
    limits.setBehindRange(lockTimeout, statementTimeout);
  }

  /** Has the planner find rows by an index wherever there is one, until the transaction ends. */
  public void preferIndexes() {
    template.execute("SET LOCAL enable_seqscan = off");
  }

  /** By what the current session finds names. */
  public SearchPath searchPath() {
    return new SearchPath(this);
  }

  /** Sets how long a statement of the current transaction may wait for a lock. */
  public void lockTimeout(Duration lockTimeout) {
    limits.lockTimeout(lockTimeout);
  }
}
