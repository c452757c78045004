package dev.migrator.internal.engine;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * A small pool that counts the commits of transactions that wrote anything, and strikes at one of
 * them. Transactions that only read are not counted, as nothing is different after them; nor are
 * the renewals of the lease, which come by the clock.
 */
final class FaultDataSource extends AbstractDataSource implements AutoCloseable {

  /** Where it strikes, relative to the commit. */
  enum Moment {
    BEFORE,
    AFTER
  }

  /** How it strikes; may end the process, or throw what the engine then sees. */
  interface Strike {

    void at(FaultDataSource dataSource) throws SQLException;
  }

  /** As the server sees kill -9: the sockets are closed without a word, in whatever state. */
  static final Strike KILL =
      dataSource -> {
        dataSource.dead = true;
        for (Connection connection : dataSource.all) {
          connection.abort(Runnable::run);
        }
        throw dead();
      };

  /** As the server sees a frozen process: the connections stay, and nothing comes any longer. */
  static final Strike FREEZE =
      dataSource -> {
        dataSource.dead = true;
        throw dead();
      };

  private final DataSource target;

  private final FaultPoint point;

  private final Strike strike;

  private final Predicate<String> threads;

  private final Map<String, Integer> writes = new LinkedHashMap<>();

  private int commits;

  private final Set<Connection> all = ConcurrentHashMap.newKeySet();

  private final Queue<Connection> free = new ConcurrentLinkedQueue<>();

  private final AtomicBoolean installed = new AtomicBoolean();

  private volatile boolean dead;

  FaultDataSource(DataSource target, FaultPoint point, Strike strike) {
    this(target, point, strike, it -> !it.equals("migrator-lease"));
  }

  /**
   * Makes it.
   *
   * @param threads the names of those whose commits count
   */
  FaultDataSource(DataSource target, FaultPoint point, Strike strike, Predicate<String> threads) {
    this.threads = threads;
    this.target = target;
    this.point = point;
    this.strike = strike;
  }

  /** One that only counts. */
  static FaultDataSource counting(DataSource target) {
    return counting(target, it -> !it.equals("migrator-lease"));
  }

  /** The same, of some threads. */
  static FaultDataSource counting(DataSource target, Predicate<String> threads) {
    return new FaultDataSource(target, FaultPoint.NONE, KILL, threads);
  }

  /** One that only is a pool: it neither counts nor strikes, and asks nothing before a commit. */
  static FaultDataSource pool(DataSource target) {
    return counting(target, it -> false);
  }

  /** How many transactions of each kind have written, in the order of the first of each. */
  Map<String, Integer> writes() {
    synchronized (writes) {
      return new LinkedHashMap<>(writes);
    }
  }

  boolean hasStruck() {
    return dead;
  }

  /** Goes on with what was about to be committed when it struck. */
  void wakeUp() {
    for (Connection connection : all) {
      try {
        if (!connection.isClosed() && !connection.getAutoCommit()) {
          connection.commit();
        }
      } catch (SQLException ex) {
        // The server has ended it, and with it what it was about to do.
      }
    }
  }

  @Override
  public Connection getConnection() throws SQLException {
    if (dead) {
      throw dead();
    }
    Connection pooled = free.poll();
    Connection connection = (pooled != null) ? pooled : target.getConnection();
    all.add(connection);
    FaultLabel label = new FaultLabel(installed);
    return proxy(
        Connection.class,
        (proxy, method, args) -> {
          switch (method.getName()) {
            case "close" -> {
              free.add(connection);
              return null;
            }
            case "isClosed" -> {
              return dead;
            }
            default -> {}
          }
          if (dead) {
            throw dead();
          }
          switch (method.getName()) {
            case "commit" -> {
              commit(connection, label);
              return null;
            }
            case "rollback" -> label.clear();
            case "createStatement" -> {
              return noting((Statement) call(method, connection, args), label);
            }
            default -> note(args, label);
          }
          return call(method, connection, args);
        });
  }

  private static Statement noting(Statement statement, FaultLabel label) {
    return proxy(
        Statement.class,
        (proxy, method, args) -> {
          note(args, label);
          return call(method, statement, args);
        });
  }

  private static void note(Object[] args, FaultLabel label) {
    if (args != null && args[0] instanceof String sql) {
      label.add(sql);
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static Object call(Method method, Object target, Object[] args) throws Throwable {
    try {
      return method.invoke(target, args);
    } catch (InvocationTargetException ex) {
      throw ex.getTargetException();
    }
  }

  @Override
  public Connection getConnection(String username, String password) {
    throw new UnsupportedOperationException();
  }

  private void commit(Connection connection, FaultLabel label) throws SQLException {
    String kind = threads.test(Thread.currentThread().getName()) ? label.of(connection) : null;
    boolean now = kind != null && isThePoint(kind);
    label.clear();
    if (now && point.moment() == Moment.BEFORE) {
      strike.at(this);
    }
    connection.commit();
    if (now && point.moment() == Moment.AFTER) {
      strike.at(this);
    }
  }

  private boolean isThePoint(String label) {
    synchronized (writes) {
      return point.is(label, writes.merge(label, 1, Integer::sum), ++commits);
    }
  }

  private static SQLException dead() {
    return new SQLException("this instance was killed", "08006");
  }

  @Override
  public void close() {
    dead = true;
    for (Connection connection : all) {
      try {
        connection.close();
      } catch (SQLException ex) {
        throw new IllegalStateException(ex);
      }
    }
  }
}
