package dev.migrator.internal.engine.step;

import dev.migrator.Phase;
import dev.migrator.error.ErrorCode;
import dev.migrator.error.StepFailedException;
import dev.migrator.internal.Lazy;
import dev.migrator.internal.backfill.ProgressStore;
import dev.migrator.internal.backfill.UncopiedRowsException;
import dev.migrator.internal.backfill.UnsealedRangesException;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.journal.StepRecord;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.lease.LeaseLostException;
import dev.migrator.internal.plan.OldSide;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.internal.step.ConcurrentIndexStep;
import dev.migrator.internal.step.Effect;
import dev.migrator.internal.step.SqlFileStep;
import dev.migrator.internal.step.Step;
import dev.migrator.internal.step.TransactionStep;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Runs a step by its executor, and records what comes of it. */
public final class StepRunner {

  private static final Logger logger = LoggerFactory.getLogger(StepRunner.class);

  private final Database database;

  private final Lease lease;

  private final Journal journal;

  private final ShapeChanges shapes;

  private final LearntRates rates;

  private final Lazy<StepExecutors> executors;

  /**
   * Makes it.
   *
   * @param executors what it runs steps by
   */
  public StepRunner(
      Database database,
      Lease lease,
      Journal journal,
      ShapeChanges shapes,
      Lazy<StepExecutors> executors) {
    this.database = database;
    this.lease = lease;
    this.journal = journal;
    this.shapes = shapes;
    this.rates = new LearntRates(database);
    this.executors = executors;
  }

  /**
   * Runs a step.
   *
   * @param run what is asked before it and recorded with it, beside the step itself and its effect
   * @param position its place among the steps of its phase
   * @return whether it is done; not if told to end, to yield, or if its gate is closed
   * @throws StepFailedException if it failed; the failure is recorded
   */
  public boolean run(StepRun run, Step step, int position) {
    String id = run.id();
    database.inTransaction(
        () -> {
          lease.check();
          if (run.undoes() == null) {
            journal.steps().started(id, step, position);
          } else {
            journal.steps().startedUndo(id, step, position, run.undoes());
          }
        });
    long start = System.nanoTime();
    try {
      StepMeter meter = StepMeter.begin(database, rates, step, run.table());
      Runnable finish =
          () -> {
            journal.steps().done(id, step.name());
            meter.end(id);
            if (step.info().reshapes()) {
              shapes.changed();
            }
            apply(id, step.info().effect());
            run.finish().run();
          };
      boolean done = executors.get().run(run.measured(meter, finish), step);
      if (done) {
        logger.info(
            "{}: {} {} done in {} ms",
            id,
            step.phase(),
            step.name(),
            Duration.ofNanos(System.nanoTime() - start).toMillis());
      }
      return done;
    } catch (DataAccessException | TransactionException ex) {
      throw failed(id, step.phase(), step.name(), StepErrorCodes.of(ex), reason(step, ex), ex);
    } catch (PreconditionChanged ex) {
      database.inTransaction(
          () -> {
            lease.check();
            journal.steps().postponed(id, step.name());
          });
      return false;
    } catch (VerificationFailed ex) {
      throw failed(id, step, ex.code(), ex);
    } catch (FileRefused ex) {
      throw failed(id, step, ErrorCode.FILE_REFUSED, ex);
    } catch (UnsealedRangesException ex) {
      throw failed(id, step, ErrorCode.RECORD_NOT_SEALED, ex);
    } catch (UncopiedRowsException ex) {
      throw failed(id, step, ErrorCode.ROWS_NOT_COPIED, ex);
    }
  }

  /**
   * Runs a SQL file in the transaction at hand, which its caller records.
   *
   * @throws FileRefused if it must not be committed
   */
  public void runWithin(String id, SqlFileStep file) {
    executors.get().files().runWithin(id, file);
  }

  /**
   * Of a step that has read and written no row, what somebody's code says is about the statement,
   * as in an event trigger that forbids it. SQL of the user's own may do anything with rows.
   */
  private String reason(Step step, RuntimeException ex) {
    boolean structure =
        (step instanceof TransactionStep transaction && !transaction.otherLocks())
            || (step instanceof ConcurrentIndexStep && !(ex instanceof BuildFailedException));
    return structure ? SqlState.describeOfStructure(ex) : SqlState.describe(ex);
  }

  private void apply(String id, Effect effect) {
    switch (effect) {
      case NONE -> {}
      case RELEASES_OLD_SIDE -> journal.oldSide(id, OldSide.RELEASED);
      case RESTORES_OLD_SIDE -> journal.oldSide(id, OldSide.RETURNING);
      case UNRETIRES -> journal.unretired(id);
      case RESTARTS_BACKFILL -> new ProgressStore(database).forget(id);
    }
  }

  /**
   * Asks whether what is recorded with a step may be run.
   *
   * @throws StepFailedException if nobody wrote it who may
   */
  public void requireSealed(String id, StepRecord record) {
    if (record.sealed()) {
      return;
    }
    throw refused(
        id,
        record.step(),
        ErrorCode.RECORD_NOT_SEALED,
        "what the journal has recorded to be run is not as the migrator wrote it, and was not run: somebody changed it, or an instance with an earlier version of the library wrote it beside this one. Look at SELECT definition FROM migrator.step WHERE migration_id = %s AND name = %s; if it is right, accept it by migrator.accept-records=%s at one start"
            .formatted(Identifiers.literal(id), Identifiers.literal(record.name()), id));
  }

  /**
   * Records why what is recorded with a step is not run. The state of the step stays as it is: it
   * says what has been done, and nothing was done now.
   */
  public StepFailedException refused(String id, Step step, ErrorCode code, String reason) {
    String error = "%s of %s: %s".formatted(step.name(), step.phase(), reason);
    database.inTransaction(
        () -> {
          lease.check();
          journal.refused(id, code + ": " + error);
        });
    return new StepFailedException(code, "migration \"%s\": %s".formatted(id, error));
  }

  /** Records that the engine itself found something wrong. */
  private StepFailedException failed(String id, Step step, ErrorCode code, RuntimeException ex) {
    return failed(id, step.phase(), step.name(), code, String.valueOf(ex.getMessage()), null);
  }

  /** Records that a step failed. */
  public StepFailedException failed(
      String id,
      Phase phase,
      String step,
      ErrorCode code,
      String reason,
      @Nullable RuntimeException cause) {
    if (cause != null && SqlState.isConnectionLost(cause)) {
      // Nothing can be recorded now, and nothing needs to be: the step was rolled back.
      return new StepFailedException(
          ErrorCode.CONNECTION_LOST,
          "migration \"%s\", %s, step %s: the connection was lost".formatted(id, phase, step),
          cause);
    }
    String error =
        "step %s of %s failed: %s; the table is as it was before that step"
            .formatted(step, phase, reason);
    try {
      database.inTransaction(
          () -> {
            lease.check();
            journal.failed(id, step, code + ": " + error);
          });
    } catch (DataAccessException | TransactionException | LeaseLostException ex) {
      logger.warn("{}: the failure could not be recorded: {}", id, ex.getMessage());
    }
    return new StepFailedException(
        code,
        "migration \"%s\": %s. Remove the cause; it is tried again at the next start or on RETRY."
            .formatted(id, error),
        (cause == null) ? null : SqlState.withoutValues(cause, reason));
  }
}
