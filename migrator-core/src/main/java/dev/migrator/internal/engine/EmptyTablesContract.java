package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.internal.engine.step.PreconditionChanged;
import dev.migrator.internal.engine.step.ShapeChanges;
import dev.migrator.internal.engine.step.StepRunner;
import dev.migrator.internal.engine.step.VerificationFailed;
import dev.migrator.internal.journal.ExpressionStore;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.operation.Operations;
import dev.migrator.internal.operation.Qualified;
import dev.migrator.internal.operation.ResolvedMigration;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.internal.step.PhaseSteps;
import dev.migrator.internal.step.Step;
import dev.migrator.settings.MigratorSettings;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Contracts a migration whose tables never had a row, as in a new database: in one transaction,
 * with what would wait for the retention time otherwise, as there is nothing that an undo could
 * need. Its gate is that of every contract. The tables are locked before they are looked at, so no
 * row comes meanwhile that would have to be compared.
 */
final class EmptyTablesContract {

  private static final Logger logger = LoggerFactory.getLogger(EmptyTablesContract.class);

  private final Database database;

  private final Lease lease;

  private final Journal journal;

  private final FleetGates gates;

  private final ShapeChanges shapes;

  private final StepRunner runner;

  private final Predicate<Declaration> empty;

  private final MigratorSettings settings;

  /** Those that were tried in vain. */
  private final Set<String> tried = new HashSet<>();

  /**
   * Makes it.
   *
   * @param empty whether the tables of a migration have no block, looked at without a lock
   */
  EmptyTablesContract(
      Database database,
      Lease lease,
      Journal journal,
      FleetGates gates,
      ShapeChanges shapes,
      StepRunner runner,
      Predicate<Declaration> empty,
      MigratorSettings settings) {
    this.database = database;
    this.lease = lease;
    this.journal = journal;
    this.gates = gates;
    this.shapes = shapes;
    this.runner = runner;
    this.empty = empty;
    this.settings = settings;
  }

  /** Tries it. Returns whether it is done; if not, nothing has changed. */
  boolean run(Declaration declaration) {
    if (settings.safety().oneTransactionRows() == 0
        || declaration.isFile()
        || declaration.byApplication()
        || tried.contains(declaration.id())
        || !database.inTransaction(() -> empty.test(declaration))) {
      return false;
    }
    tried.add(declaration.id());
    try {
      if (!shapes.isProtected(declaration.id(), false)) {
        return false;
      }
      database.inTransaction(() -> attempt(declaration));
      logger.info("{}: completed in one transaction, as there was never a row", declaration.id());
      return true;
    } catch (NotInOneTransaction | PreconditionChanged | VerificationFailed ex) {
      logger.debug("{}: its contract is run step by step: {}", declaration.id(), ex.getMessage());
      return false;
    } catch (DataAccessException | TransactionException ex) {
      if (SqlState.isConnectionLost(ex)) {
        throw ex;
      }
      logger.info(
          "{}: not contracted in one transaction ({}); its steps are run one by one",
          declaration.id(),
          SqlState.describe(ex));
      return false;
    }
  }

  private void attempt(Declaration declaration) {
    String id = declaration.id();
    database.limits(settings.lockBudget(), settings.lockHold());
    lease.check();
    NotInOneTransaction.unless(!journal.isHeld(id), "an operator holds it");
    gates.requireContract(declaration);
    SmallTables tables = new SmallTables(database, 0);
    tables.lock(declaration.migration());
    ResolvedMigration resolved =
        Operations.resolve(
            database,
            declaration.where(),
            declaration.migration(),
            false,
            new Qualified(new ExpressionStore(database).read(id)));
    tables.requireSmall(declaration.migration(), resolved);
    NotInOneTransaction.unless(resolved.isOfEmptyTables(database), "there was a row");
    PhaseSteps planned = resolved.steps(Phase.CONTRACT);
    NotInOneTransaction.unless(planned.complete(), "the catalog is to be asked in between");
    StepsAtOnce steps = new StepsAtOnce(database, id, settings, true, runner);
    for (Step step : planned.steps()) {
      BrokenFunctions functions = BrokenFunctions.of(database, declaration, step);
      functions.before();
      steps.run(step);
      functions.after();
    }
    journal.atOnce().completed(id, declaration.operations(), planned.steps());
    if (planned.steps().stream().anyMatch(it -> it.info().reshapes())) {
      shapes.changed();
    }
  }
}
