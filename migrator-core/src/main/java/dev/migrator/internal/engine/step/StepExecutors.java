package dev.migrator.internal.engine.step;

import dev.migrator.internal.Timings;
import dev.migrator.internal.backfill.BackfillWorkers;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.step.AwaitWritersStep;
import dev.migrator.internal.step.BackfillStep;
import dev.migrator.internal.step.ConcurrentIndexStep;
import dev.migrator.internal.step.CountStep;
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
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** One for each kind of step. */
public final class StepExecutors {

  private final SqlFileExecutor files;

  private final Map<Class<? extends Step>, StepExecutor<?>> executors = new HashMap<>();

  /**
   * Makes them.
   *
   * @param adopted whether another tool has run files here
   */
  public StepExecutors(
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

  SqlFileExecutor files() {
    return files;
  }

  /** Has a step done, see {@link StepExecutor#run}. */
  <S extends Step> boolean run(StepRun run, S step) {
    @SuppressWarnings("unchecked") // by the map's making
    StepExecutor<S> executor = (StepExecutor<S>) executors.get(step.getClass());
    if (executor == null) {
      throw new IllegalStateException("no executor is registered for " + step);
    }
    return executor.run(run, step);
  }
}
