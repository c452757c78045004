package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.internal.engine.step.ShapeChanges;
import dev.migrator.internal.engine.step.StepRunner;
import dev.migrator.internal.journal.ExpressionStore;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.operation.Operations;
import dev.migrator.internal.operation.Qualified;
import dev.migrator.internal.operation.ResolvedMigration;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.Fleet;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.step.PhaseSteps;
import dev.migrator.internal.step.Step;
import dev.migrator.settings.MigratorSettings;
import java.util.function.Predicate;

/**
 * Contracts a migration whose tables never had a row, as in a new database: in one transaction,
 * with what would wait for the retention time otherwise, as there is nothing that an undo could
 * need. Its gate is that of every contract. The tables are locked before they are looked at, so no
 * row comes meanwhile that would have to be compared.
 */
final class EmptyTablesContract {

  private final Database database;

  private final Lease lease;

  private final Journal journal;

  private final FleetGates gates;

  private final ShapeChanges shapes;

  private final StepRunner runner;

  private final Predicate<Declaration> empty;

  private final MigratorSettings settings;

  private final OneTransaction attempts;

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
    this.attempts = new OneTransaction(database);
  }

  /** Tries it. Returns whether it is done; if not, nothing has changed. */
  boolean run(Declaration declaration) {
    if (!isOpen(declaration)
        || !database.inTransaction(() -> empty.test(declaration))
        || !shapes.isProtected(declaration.id(), false)) {
      return false;
    }
    return attempts.tries(
        declaration.id(),
        () -> {
          attempt(declaration);
          return "completed, as there was never a row,";
        });
  }

  /** Whether it can be tried, as far as can be told without asking anybody. */
  private boolean isOpen(Declaration declaration) {
    return settings.safety().oneTransactionRows() > 0
        && !declaration.isFile()
        && !declaration.byApplication()
        && !attempts.isTried(declaration.id());
  }

  private void attempt(Declaration declaration) {
    String id = declaration.id();
    database.limits(settings.lock().budget(), settings.lock().hold());
    lease.check();
    // Nobody can register until the transaction ends.
    Fleet fleet = gates.close();
    NotInOneTransaction.unless(!journal.isHeld(id), "an operator holds it");
    gates.requireContract(declaration, fleet);
    SmallTables tables = new SmallTables(database, 0);
    tables.lock(declaration.migration(), true);
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
