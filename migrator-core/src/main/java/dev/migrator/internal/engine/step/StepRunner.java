package dev.migrator.internal.engine.step;

import dev.migrator.Phase;
import dev.migrator.error.ErrorCode;
import dev.migrator.error.StepFailedException;
import dev.migrator.internal.Timings;
import dev.migrator.internal.backfill.BackfillWorkers;
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
import dev.migrator.internal.step.AwaitWritersStep;
import dev.migrator.internal.step.BackfillStep;
import dev.migrator.internal.step.ConcurrentIndexStep;
import dev.migrator.internal.step.CountStep;
import dev.migrator.internal.step.Effect;
import dev.migrator.internal.step.PartitionedIndexStep;
import dev.migrator.internal.step.SnapshotVerificationStep;
import dev.migrator.internal.step.SqlFileStep;
import dev.migrator.internal.step.SqlStatementStep;
import dev.migrator.internal.step.Step;
import dev.migrator.internal.step.SwitchReadStep;
import dev.migrator.internal.step.TransactionStep;
import dev.migrator.internal.step.ValidationStep;
import dev.migrator.internal.step.VerificationStep;
import dev.migrator.settings.MigratorSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
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

  private final SqlFileExecutor files;

  private final LearntRates rates;

  private final Map<Class<? extends Step>, StepExecutor<?>> executors = new HashMap<>();

  /**
   * Makes it.
   *
   * @param adopted whether another tool has run files here
   */
  public StepRunner(
      Database database,
      Lease lease,
      Journal journal,
      MigratorSettings settings,
      StopSignal signal,
      BackfillWorkers workers,
      ShapeChanges shapes,
      BooleanSupplier adopted,
      LeaderPause pause,
      Deadline deadline,
      Timings timings) {
    this.database = database;
    this.lease = lease;
    this.journal = journal;
    this.shapes = shapes;
    this.rates = new LearntRates(database);
    ExecutionContext context =
        new ExecutionContext(database, lease, journal, workers, signal, deadline);
    LongStatementMonitor monitor =
        new LongStatementMonitor(database, lease, journal, deadline, timings);
    LockedTransactions transactions =
        new LockedTransactions(
            database, lease, journal, settings, pause, shapes, deadline, timings);
    IndexBuilder indexes = new IndexBuilder(database, lease, signal, deadline, monitor, timings);
    RowCopying copying = new RowCopying(context);
    ScanExecutor scans = new ScanExecutor(context, monitor, copying);
    VerificationExecutor verification = new VerificationExecutor(context, copying);
    register(TransactionStep.class, new TransactionExecutor(context, transactions));
    this.files = new SqlFileExecutor(context, transactions, shapes, adopted, monitor, settings);
    register(SqlFileStep.class, files);
    register(SqlStatementStep.class, new SqlStatementExecutor(context, indexes));
    register(ValidationStep.class, new ValidationExecutor(context, scans));
    register(CountStep.class, new CountExecutor(context, scans));
    register(ConcurrentIndexStep.class, new ConcurrentIndexExecutor(context, indexes));
    register(
        PartitionedIndexStep.class,
        new PartitionedIndexExecutor(
            context,
            new PartitionedIndexBuilder(
                database, lease, indexes, transactions, context::isToYield)));
    register(BackfillStep.class, new BackfillExecutor(context, copying));
    register(VerificationStep.class, verification);
    register(
        SnapshotVerificationStep.class, new SnapshotVerificationExecutor(context, copying, scans));
    register(AwaitWritersStep.class, new AwaitWritersExecutor(context));
    register(
        SwitchReadStep.class,
        new SwitchReadExecutor(
            context,
            copying,
            verification,
            new StandbyWait(
                context, settings.safety().standbyLimit(), timings.leading().lookAgain())));
  }

  private <S extends Step> void register(Class<S> kind, StepExecutor<S> executor) {
    executors.put(kind, executor);
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
      boolean done = execute(run.measured(meter, finish), step);
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
    files.runWithin(id, file);
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

  private <S extends Step> boolean execute(StepRun run, S step) {
    @SuppressWarnings("unchecked") // by the map's making
    StepExecutor<S> executor = (StepExecutor<S>) executors.get(step.getClass());
    if (executor == null) {
      throw new IllegalStateException("no executor is registered for " + step);
    }
    return executor.run(run, step);
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
