package dev.migrator.internal.engine.step;

import dev.migrator.internal.backfill.BackfillTask;
import dev.migrator.internal.catalog.ForeignTriggers;
import dev.migrator.internal.catalog.PresentRelations;
import dev.migrator.internal.operation.column.TriggerSql;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.internal.step.TransactionStep;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Takes the locks within the budget, runs the statements and records them, in one transaction. */
final class TransactionExecutor implements StepExecutor<TransactionStep> {

  private static final Logger logger = LoggerFactory.getLogger(TransactionExecutor.class);

  private final ExecutionContext context;

  private final LockedTransactions transactions;

  TransactionExecutor(ExecutionContext context, LockedTransactions transactions) {
    this.context = context;
    this.transactions = transactions;
  }

  @Override
  public boolean run(StepRun run, TransactionStep step) {
    if (run.isUndo()) {
      List<TableLock> left = left(step.locks());
      if (left.size() < step.locks().size()) {
        return undoWhatIsLeft(run, step, left);
      }
    }
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

  private List<TableLock> left(List<TableLock> locks) {
    Set<String> present =
        PresentRelations.of(context.database(), locks.stream().map(TableLock::table).toList());
    return locks.stream().filter(it -> present.contains(it.table())).toList();
  }

  /**
   * Somebody has dropped the table. What it had is gone with it; functions and other tables can be
   * left, so each statement is tried by itself.
   */
  private boolean undoWhatIsLeft(StepRun run, TransactionStep step, List<TableLock> left) {
    logger.warn(
        "{}: {}: a table of it is gone, dropped or with another name; what belongs to it is passed over",
        run.id(),
        step.name());
    return transactions.attempt(
        run.id(),
        step,
        left,
        run.gate(),
        () -> {
          step.statements().forEach(this::passIfUndefined);
          run.finish().run();
        },
        run::waited);
  }

  private void passIfUndefined(String statement) {
    Database database = context.database();
    try {
      database.attempt(
          () -> {
            database.execute(statement);
            return null;
          });
    } catch (DataAccessException ex) {
      if (!SqlState.isUndefined(ex)) {
        throw ex;
      }
    }
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
