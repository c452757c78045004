package dev.migrator.internal.engine.step;

import dev.migrator.internal.catalog.HeldLock;
import dev.migrator.internal.catalog.HeldLocks;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.ErrorPosition;
import dev.migrator.internal.sql.SqlLexer;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.internal.step.SqlFileStep;
import dev.migrator.operation.SqlFile.Statement;
import dev.migrator.operation.SqlText;
import dev.migrator.settings.MigratorSettings;
import java.io.Reader;
import java.io.StringReader;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/**
 * Runs the statements of one transaction so that none of them, nor all together, keep a lock for
 * longer than the hold limit that blocks reads or writes of a table that was there before.
 *
 * <p>A lock counts from the beginning of the statement that took it: whoever asks for it is waited
 * for by all that come behind. The server ends a statement that would hold it for longer, and frees
 * the lock with it.
 */
final class HoldLimit implements SqlText.Visitor {

  /** They lock rows, and not tables; what a trigger of theirs does is found at the end. */
  private static final Set<String> ON_ROWS = Set.of("INSERT", "UPDATE", "DELETE", "MERGE", "COPY");

  private final Database database;

  private final HeldLocks locks;

  private final SqlFileStep step;

  private final Set<Long> known;

  private final LockWatch.Watch watch;

  private final Duration budget;

  private final Duration hold;

  /** When the statement began that took the first lock; {@code null} before. */
  private @Nullable Long since;

  private List<HeldLock> held = List.of();

  /** What was set for the statement before; {@code null} if nothing was. */
  private @Nullable Duration limit;

  HoldLimit(
      Database database,
      SqlFileStep step,
      Set<Long> known,
      LockWatch.Watch watch,
      MigratorSettings settings) {
    this.database = database;
    this.locks = new HeldLocks(database);
    this.step = step;
    this.known = known;
    this.watch = watch;
    this.budget = settings.lock().budget();
    this.hold = settings.lock().hold();
  }

  @Override
  public void statement(Statement statement) {
    String data = statement.data();
    run(statement, data == null ? null : new StringReader(data));
  }

  @Override
  public void rows(Statement copy, Reader rows) {
    run(copy, rows);
  }

  private void run(Statement statement, @Nullable Reader rows) {
    long begin = System.nanoTime();
    Duration left = left(begin);
    if (left.isNegative() || left.isZero()) {
      throw tooLong(statement);
    }
    String word = firstWord(statement.sql());
    boolean onRows = ON_ROWS.contains(word);
    boolean unlimited = step.longWork() && since == null && (onRows || watch.sees());
    limit(unlimited ? Database.UNLIMITED : left);
    try {
      if (rows != null && unlimited) {
        database.copyInLong(statement.sql(), rows);
      } else if (rows != null) {
        database.copyIn(statement.sql(), rows);
      } else if (unlimited) {
        database.executeLong(statement.sql());
      } else {
        database.execute(statement.sql());
      }
    } catch (DataAccessException ex) {
      throw failure(statement, ex, unlimited);
    }
    if (since == null && !onRows) {
      held = locks.own(known);
      since = held.isEmpty() ? null : begin;
    }
  }

  private Duration left(long now) {
    Long first = since;
    return (first == null) ? hold : hold.minusNanos(now - first);
  }

  /** A lock has to be got before the time to keep it is over, so that a wait counts as one. */
  private void limit(Duration statement) {
    if (statement.equals(limit)) {
      return;
    }
    Duration most = statement.isZero() ? budget : statement.multipliedBy(9).dividedBy(10);
    database.limits(most.compareTo(budget) < 0 ? most : budget, statement);
    limit = statement;
  }

  private RuntimeException failure(Statement statement, DataAccessException ex, boolean marked) {
    if (SqlState.isTimeout(ex) && (!marked || watch.isTooLong())) {
      return tooLong(statement);
    }
    if (SqlState.isContention(ex) || SqlState.isConnectionLost(ex)) {
      return ex;
    }
    return new FileRefused(
        "%s: %s; the statement: %s"
            .formatted(where(statement, ex, marked), SqlState.describe(ex), excerpt(statement)));
  }

  private String where(Statement statement, DataAccessException ex, boolean marked) {
    int mark = marked ? Database.LONG_MARK : 0;
    int at = ErrorPosition.of(ex).orElse(-1) - mark;
    if (at < 0) {
      return "%s, line %d".formatted(step.path(), statement.line());
    }
    String before = statement.sql().substring(0, Math.min(at, statement.sql().length()));
    long lines = before.chars().filter(it -> it == '\n').count();
    return "%s, line %d, character %d of it"
        .formatted(step.path(), statement.line() + lines, at - (before.lastIndexOf('\n') + 1) + 1);
  }

  private FileRefused tooLong(Statement statement) {
    List<HeldLock> all = held.isEmpty() ? watch.seen() : held;
    String what =
        all.isEmpty()
            ? "it ran for too long for a statement that can block the application"
            : "it would have held for too long: %s"
                .formatted(
                    all.stream().map(HeldLock::text).distinct().collect(Collectors.joining("; ")));
    return new FileRefused(
        "%s, line %d: %s; the limit is %d ms (migrator.lock.hold); %s; the statement: %s"
            .formatted(
                step.path(),
                statement.line(),
                what,
                hold.toMillis(),
                SafeWay.of(statement.sql()),
                excerpt(statement)));
  }

  /** So much that one finds it; values are left out. */
  static String excerpt(Statement statement) {
    return SafeWay.words(statement.sql());
  }

  private static String firstWord(String sql) {
    SqlLexer.Token first = SqlLexer.on(sql).next();
    return (first == null)
        ? ""
        : sql.substring(first.start(), first.end()).toUpperCase(Locale.ROOT);
  }
}
