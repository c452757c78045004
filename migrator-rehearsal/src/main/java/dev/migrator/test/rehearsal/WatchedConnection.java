package dev.migrator.test.rehearsal;

import dev.migrator.test.rehearsal.Eye.Seen;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * A connection of the engine's. After each statement of a transaction another connection reads
 * which locks it has by now; a statement alone is looked at while it runs.
 */
final class WatchedConnection implements InvocationHandler {

  private final WatchedDataSource owner;

  private final Connection target;

  /** None where nothing is to be measured. */
  private final @Nullable Eye eye;

  private final int pid;

  private final Connection proxy;

  private final List<Noted> open = new ArrayList<>();

  private long transaction;

  /** Whether anything was sent in this transaction, where nothing is measured. */
  private boolean sent;

  /** How much time went into measuring so far. */
  private long measured;

  /** What the server's log had at the last look within this transaction. */
  private long wal;

  private volatile @Nullable Noted alone;

  WatchedConnection(WatchedDataSource owner, Connection target, @Nullable Eye eye)
      throws SQLException {
    this.owner = owner;
    this.target = target;
    this.eye = eye;
    this.pid = target.unwrap(PGConnection.class).getBackendPID();
    this.proxy = Proxies.of(Connection.class, this);
    // The server says at this level that it reads or writes a whole table.
    if (eye != null) {
      Sql.execute(target, "SET client_min_messages = debug1");
    }
  }

  Connection proxy() {
    return proxy;
  }

  int pid() {
    return pid;
  }

  @Override
  public @Nullable Object invoke(Object self, Method method, Object @Nullable [] args)
      throws Throwable {
    switch (method.getName()) {
      case "close" -> {
        owner.returned(this);
        return null;
      }
      case "equals" -> {
        return args != null && self == args[0];
      }
      case "createStatement" -> {
        return statement(Statement.class, (Statement) Proxies.call(target, method, args), null);
      }
      case "prepareStatement" -> {
        return statement(
            PreparedStatement.class, (Statement) Proxies.call(target, method, args), text(args));
      }
      case "prepareCall" -> {
        return statement(
            CallableStatement.class, (Statement) Proxies.call(target, method, args), text(args));
      }
      case "commit", "setAutoCommit" -> {
        Object result = Proxies.call(target, method, args);
        boolean did = release();
        if (did) {
          owner.committed();
        }
        return result;
      }
      case "rollback" -> {
        Object result = Proxies.call(target, method, args);
        if (args == null) {
          release();
        }
        return result;
      }
      default -> {
        return Proxies.call(target, method, args);
      }
    }
  }

  private static @Nullable String text(Object @Nullable [] args) {
    return (args == null) ? null : String.valueOf(args[0]);
  }

  /** Returns whether there was anything in the transaction. */
  private boolean release() {
    long now = System.nanoTime();
    open.forEach(it -> it.released(now, measured));
    boolean any = sent || !open.isEmpty();
    sent = false;
    open.clear();
    return any;
  }

  private <T extends Statement> T statement(
      Class<T> type, @Nullable Statement statement, @Nullable String prepared) {
    List<String> batch = new ArrayList<>();
    return Proxies.of(
        type,
        (self, method, args) -> {
          String name = method.getName();
          if (name.equals("getConnection")) {
            return proxy;
          }
          if (name.equals("addBatch") && args != null) {
            batch.add(String.valueOf(args[0]));
          }
          if (!name.startsWith("execute") || statement == null) {
            return Proxies.call(java.util.Objects.requireNonNull(statement), method, args);
          }
          String sql = (args != null) ? String.valueOf(args[0]) : prepared;
          if (sql == null) {
            sql = String.join(";\n", batch);
          }
          if (name.endsWith("Batch")) {
            batch.clear();
          }
          return run(sql, statement, () -> Proxies.call(statement, method, args));
        });
  }

  /** What is to be measured. */
  private interface Work {
    @Nullable Object run() throws Throwable;
  }

  private @Nullable Object run(String sql, Statement statement, Work work) throws Throwable {
    Eye with = eye;
    if (with == null) {
      sent = true;
      Object result = work.run();
      if (target.getAutoCommit()) {
        owner.committed();
      }
      return result;
    }
    boolean single = target.getAutoCommit();
    if (single || open.isEmpty()) {
      transaction = owner.nextTransaction();
      wal = with.wal();
    }
    Noted noted = new Noted(owner.stage(), transaction, sql, System.nanoTime(), measured);
    owner.note(noted);
    if (single) {
      alone = noted;
    } else {
      open.add(noted);
    }
    boolean failed = true;
    try {
      Object result = work.run();
      failed = false;
      return result;
    } finally {
      alone = null;
      long now = System.nanoTime();
      if (single) {
        noted.released(now, measured);
      } else if (!failed) {
        look(noted, with);
      }
      long walNow = with.wal();
      noted.ended(now, walNow - wal, failed);
      wal = walNow;
      measured += System.nanoTime() - now;
      if (!failed) {
        noted.said(statement.getWarnings());
      }
      if (single && !failed) {
        owner.committed();
      }
    }
  }

  /** What the transaction had before belongs to the statement that took it. */
  private void look(Noted noted, Eye with) throws SQLException {
    for (Seen seen : with.locks(pid)) {
      boolean before =
          open.stream()
              .filter(it -> it != noted)
              .flatMap(it -> it.locks().stream())
              .anyMatch(it -> it.table.equals(seen.table()) && it.mode == seen.mode());
      if (!before && noted.holds(seen.table(), seen.mode())) {
        owner.changing();
      }
    }
  }

  /** To be called again and again by another thread. */
  void sample(Eye with) throws SQLException {
    Noted noted = alone;
    if (noted != null) {
      for (Seen seen : with.locks(pid)) {
        if (alone == noted && noted.holds(seen.table(), seen.mode())) {
          owner.changing();
        }
      }
    }
  }

  /** Fit for the next one that asks for a connection. */
  boolean isUsable() throws SQLException {
    if (target.isClosed() || !target.getAutoCommit()) {
      return false;
    }
    return target.isValid(1);
  }

  void end() {
    try {
      target.close();
    } catch (SQLException ex) {
      // It was ended before.
    }
    try {
      if (eye != null) {
        eye.close();
      }
    } catch (SQLException ex) {
      // The same.
    }
  }
}
