package dev.migrator.internal.engine.step;

import dev.migrator.internal.Timings;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.internal.step.ConcurrentIndexStep;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Builds and drops indexes without a transaction. Whatever happened before, to this instance or
 * another, the catalog tells what is left to do: an index that is there and valid is done; one that
 * is being built is waited for; one that was left invalid goes first and is then built anew.
 */
public final class IndexBuilder {

  private static final Logger logger = LoggerFactory.getLogger(IndexBuilder.class);

  private final Database database;

  private final Lease lease;

  private final StopSignal signal;

  private final Deadline deadline;

  private final LongStatementMonitor watch;

  private final Duration lookAgain;

  private final Backoff backoff;

  IndexBuilder(
      Database database,
      Lease lease,
      StopSignal signal,
      Deadline deadline,
      LongStatementMonitor watch,
      Timings timings) {
    this.database = database;
    this.lease = lease;
    this.signal = signal;
    this.deadline = deadline;
    this.watch = watch;
    this.lookAgain = timings.steps().lookAgain();
    this.backoff = new Backoff(timings);
  }

  /** Returns whether the index is as it shall be; not if told to end. */
  boolean run(String id, ConcurrentIndexStep step) {
    String create = (step.create() == null) ? "" : step.create();
    return watch.over(
        id,
        step.name(),
        () -> run(id, step.index().quoted(), step.present(), create, step.index().drop()));
  }

  private boolean run(String id, String index, boolean present, String create, String drop) {
    while (!isToEnd()) {
      State state = look(index);
      if (state == (present ? State.VALID : State.ABSENT)) {
        return true;
      }
      if (state == State.BEING_BUILT) {
        // By an instance that led before: the server goes on for it even if it was killed.
        signal.pause(lookAgain);
      } else if (state == State.ABSENT) {
        build(id, index, create, drop);
      } else {
        attempt(id, drop, false);
      }
    }
    return false;
  }

  /**
   * What a failed build leaves behind may refuse duplicates although it is not valid, so it does
   * not stay.
   */
  private void build(String id, String index, String create, String drop) {
    try {
      attempt(id, create, true);
    } catch (DataAccessException ex) {
      if (SqlState.isConnectionLost(ex)) {
        throw ex;
      }
      // The server reads rows once the index is there, and before it is valid.
      boolean onRows = look(index) == State.INVALID;
      DataAccessException failure = onRows ? new BuildFailedException(ex) : ex;
      try {
        database.runUnlimited(drop);
      } catch (DataAccessException second) {
        failure.addSuppressed(second);
      }
      throw failure;
    }
  }

  /** Repeats a statement that may be repeated. Returns whether it is done; not if told to end. */
  boolean untilDone(String id, String step, String sql) {
    return watch.over(
        id,
        step,
        () -> {
          while (!isToEnd()) {
            database.inTransaction(lease::check);
            if (attempt(id, sql, false)) {
              return true;
            }
          }
          return false;
        });
  }

  private boolean isToEnd() {
    return signal.isRequested() || deadline.isOver();
  }

  private boolean attempt(String id, String sql, boolean creates) {
    try {
      database.runUnlimited(sql);
      return true;
    } catch (DataAccessException ex) {
      // "Already exists": the statement of a leader that was killed went on at the server.
      boolean lookAgain = SqlState.isContention(ex) || (creates && SqlState.isDuplicateTable(ex));
      if (!isToEnd() && !lookAgain) {
        throw ex;
      }
      if (isToEnd()) {
        logger.info("{}: \"{}\" was cancelled; it is done again later", id, sql);
        return false;
      }
      Duration pause = backoff.next();
      logger.warn(
          "{}: \"{}\" was interrupted ({}); next try in {} ms",
          id,
          sql,
          SqlState.describe(ex),
          pause.toMillis());
      signal.pause(pause);
      return false;
    }
  }

  private State look(String index) {
    return database.inTransaction(
        () -> {
          lease.check();
          return database
              .jdbc()
              .sql(
                  """
                  SELECT CASE WHEN i.indisvalid AND i.indisready THEN 'VALID'
                              WHEN EXISTS (SELECT FROM pg_stat_progress_create_index p
                                            WHERE p.index_relid = i.indexrelid) THEN 'BEING_BUILT'
                              ELSE 'INVALID' END
                    FROM pg_index i WHERE i.indexrelid = to_regclass(?)
                  """)
              .param(index)
              .query(State.class)
              .optional()
              .orElse(State.ABSENT);
        });
  }

  private enum State {
    ABSENT,
    VALID,
    INVALID,
    BEING_BUILT
  }
}
