package dev.migrator.internal.engine.step;

import dev.migrator.internal.backfill.BackfillTask;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.RangeSql;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.internal.step.Step;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * Reads a whole table under a lock that conflicts neither with reads nor with writes, so it may
 * wait and take its time.
 */
final class ScanExecutor {

  private final ExecutionContext context;

  private final LongStatementMonitor monitor;

  private final RowCopying copying;

  ScanExecutor(ExecutionContext context, LongStatementMonitor monitor, RowCopying copying) {
    this.context = context;
    this.monitor = monitor;
    this.copying = copying;
  }

  /**
   * Reads the table and fails on a row. One that has come with a partition since all were copied is
   * no reason to: it is copied like all others, and the table read again.
   */
  boolean scan(StepRun run, Step step, Runnable work) {
    RangeSql rows = run.copied();
    while (true) {
      // A leader before this one may have been at what has come.
      if (rows != null && copying.isUnderWay(run) && !copying.run(run, step, rows)) {
        return false;
      }
      try {
        return unlimited(run, step, work);
      } catch (DataIntegrityViolationException | VerificationFailed ex) {
        if (rows == null || !hasCome(run, rows.table())) {
          throw ex;
        }
        if (!copying.run(run, step, rows)) {
          return false;
        }
      }
    }
  }

  private boolean hasCome(StepRun run, long table) {
    return context
        .database()
        .inTransaction(
            () -> !context.progress().uncovered(run.id(), BackfillTask.Kind.COPY, table).isEmpty());
  }

  /** One transaction without limits, which is recorded in it. */
  boolean unlimited(StepRun run, Step step, Runnable work) {
    Database database = context.database();
    try {
      return monitor.over(
          run.id(),
          step.name(),
          () ->
              database.inTransaction(
                  () -> {
                    database.limits(Database.UNLIMITED, Database.UNLIMITED);
                    context.lease().check();
                    work.run();
                    run.finish().run();
                    return true;
                  }));
    } catch (DataAccessException ex) {
      if (context.isToEnd() && SqlState.isContention(ex)) {
        return false;
      }
      throw ex;
    }
  }
}
