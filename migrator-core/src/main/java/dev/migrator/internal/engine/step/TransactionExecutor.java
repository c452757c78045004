package dev.migrator.internal.engine.step;

import dev.migrator.internal.backfill.BackfillTask;
import dev.migrator.internal.catalog.ForeignTriggers;
import dev.migrator.internal.operation.column.TriggerSql;
import dev.migrator.internal.step.TransactionStep;

/** Takes the locks within the budget, runs the statements and records them, in one transaction. */
final class TransactionExecutor implements StepExecutor<TransactionStep> {

  private final ExecutionContext context;

  private final LockedTransactions transactions;

  TransactionExecutor(ExecutionContext context, LockedTransactions transactions) {
    this.context = context;
    this.transactions = transactions;
  }

  @Override
  public boolean run(StepRun run, TransactionStep step) {
    return transactions.attempt(
        run.id(),
        step,
        () -> {
          context.requireNotHeld(run);
          run.gate().run();
        },
        () -> {
          requireVerified(run, step);
          run.finish().run();
        },
        run::waited);
  }

  /** The table is locked by now, so that no partition and no trigger can come any more. */
  private void requireVerified(StepRun run, TransactionStep step) {
    Long table = step.verified();
    if (table != null
        && (!context.progress().uncovered(run.id(), BackfillTask.Kind.VERIFY, table).isEmpty()
            || new ForeignTriggers(context.database())
                .tooNarrow(TriggerSql.UPDATE).stream().anyMatch(it -> it.table() == table))) {
      throw new PreconditionChanged();
    }
  }
}
