package dev.migrator.test.rehearsal;

import dev.migrator.test.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** The pool of the engine in a rehearsal, which notes everything that goes through it. */
final class WatchedDataSource extends AbstractDataSource implements AutoCloseable {

  private static final long BETWEEN_SAMPLES = TimeUnit.MILLISECONDS.toNanos(2);

  private final TestDatabase database;

  private final DataSource eyes;

  private final boolean measures;

  private final List<WatchedConnection> all = new CopyOnWriteArrayList<>();

  private final Deque<WatchedConnection> idle = new ArrayDeque<>();

  private final List<Noted> noted = new ArrayList<>();

  private final AtomicLong transactions = new AtomicLong();

  private final Thread sampler = new Thread(this::sample, "migrator-rehearsal-locks");

  private volatile int stage;

  private volatile boolean closed;

  private volatile Runnable onCommit = () -> {};

  private volatile Runnable onChange = () -> {};

  /**
   * @param measures whether statements are noted; otherwise it is a pool, and tells of commits only
   */
  WatchedDataSource(TestDatabase database, boolean measures) {
    this.database = database;
    this.eyes = Sessions.of(database);
    this.measures = measures;
    sampler.setDaemon(true);
    if (measures) {
      sampler.start();
    }
  }

  /** Called after each commit, in the thread that commits. */
  void onCommit(Runnable action) {
    onCommit = action;
  }

  /** Called when a statement has its first lock on a table of the user's, while it has it. */
  void onChange(Runnable action) {
    onChange = action;
  }

  void committed() {
    onCommit.run();
  }

  void changing() {
    onChange.run();
  }

  int stage() {
    return stage;
  }

  void stage(int number) {
    stage = number;
  }

  long nextTransaction() {
    return transactions.incrementAndGet();
  }

  void note(Noted statement) {
    synchronized (noted) {
      noted.add(statement);
    }
  }

  List<Noted> noted() {
    synchronized (noted) {
      return List.copyOf(noted);
    }
  }

  @Override
  public Connection getConnection() throws SQLException {
    synchronized (idle) {
      while (!closed && !idle.isEmpty()) {
        WatchedConnection next = idle.pop();
        if (next.isUsable()) {
          return next.proxy();
        }
        discard(next);
      }
    }
    if (closed) {
      throw new SQLNonTransientConnectionException("the rehearsal has ended it", "08006");
    }
    Connection target = database.server().dataSource(database.name()).getConnection();
    WatchedConnection made = new WatchedConnection(this, target, measures ? new Eye(eyes) : null);
    all.add(made);
    if (closed) {
      discard(made);
    }
    return made.proxy();
  }

  @Override
  public Connection getConnection(String username, String password) throws SQLException {
    return getConnection();
  }

  void returned(WatchedConnection connection) {
    synchronized (idle) {
      if (closed) {
        discard(connection);
      } else if (!idle.contains(connection)) {
        idle.push(connection);
      }
    }
  }

  private void discard(WatchedConnection connection) {
    all.remove(connection);
    connection.end();
  }

  private void sample() {
    try (Eye eye = new Eye(eyes)) {
      while (!closed) {
        for (WatchedConnection connection : all) {
          connection.sample(eye);
        }
        LockSupport.parkNanos(BETWEEN_SAMPLES);
      }
    } catch (SQLException ex) {
      // The database has gone, and with it what was to be seen.
    }
  }

  /** What the end of a process is to the server: every session ends where it is. */
  void kill() {
    closed = true;
    try (Connection connection = eyes.getConnection()) {
      for (WatchedConnection it : all) {
        Sql.number(connection, "SELECT count(pg_terminate_backend(%d))".formatted(it.pid()));
      }
    } catch (SQLException ex) {
      throw new RehearsalException("the sessions cannot be ended: " + ex.getMessage(), ex);
    }
  }

  @Override
  public void close() {
    closed = true;
    all.forEach(WatchedConnection::end);
    try {
      if (measures) {
        sampler.join();
      }
    } catch (InterruptedException ex) {
      Thread.currentThread().interrupt();
    }
  }
}
