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
import dev.migrator.internal.operation.ResolvedOperation;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.Fleet;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.step.PhaseSteps;
import dev.migrator.internal.step.Step;
import dev.migrator.settings.MigratorSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes a migration of which nothing has begun through its phases in one transaction, where no
 * other instance lives and its tables have few rows: on a new database, on a laptop, in a test. The
 * statements are those of the phases, but for indexes, which are built without CONCURRENTLY, and
 * for rows, which are copied by one statement.
 *
 * <p>Why nobody is hurt: the registration is closed until the transaction ends, so that no instance
 * comes meanwhile, this one does not serve yet, and nobody else is connected who may use a table
 * that has rows. The tables are locked before their catalog is read and their rows are counted, so
 * nothing changes behind the copy. Where anything does not fit, all of it is rolled back, and the
 * phases are run one by one, which also says what is wrong. The contract is never among them: until
 * this instance serves, nobody knows what it maps.
 */
final class OneTransactionExecutor {

  private final Database database;

  private final Lease lease;

  private final Journal journal;

  private final FleetGates gates;

  private final ContractHolds others;

  private final ShapeChanges shapes;

  private final StepRunner runner;

  private final ForeignRecords foreign;

  private final ReplicationCheck replication;

  private final MigratorSettings settings;

  private final OneTransaction attempts;

  /** Until when this instance makes no other announcement, by {@link System#nanoTime()}. */
  private long announcedUntil = System.nanoTime();

  /** Whether no other instance lived when that was last looked at in this start. */
  private boolean alone;

  /** Whether this instance may serve, so that its own code may use the tables. */
  private volatile boolean serving = true;

  OneTransactionExecutor(
      Database database,
      Lease lease,
      Journal journal,
      FleetGates gates,
      ContractHolds others,
      ShapeChanges shapes,
      StepRunner runner,
      ForeignRecords foreign,
      MigratorSettings settings) {
    this.database = database;
    this.lease = lease;
    this.journal = journal;
    this.gates = gates;
    this.others = others;
    this.shapes = shapes;
    this.runner = runner;
    this.foreign = foreign;
    this.replication = new ReplicationCheck(database, settings.safety());
    this.settings = settings;
    this.attempts = new OneTransaction(database);
  }

  /** Whether this instance may serve. */
  void serving(boolean value) {
    serving = value;
    alone = !value;
  }

  /**
   * Tries it.
   *
   * @param last the last phase asked for
   * @return whether it is done; if not, nothing has changed
   */
  boolean run(Declaration declaration, Phase last) {
    return isOpen(declaration)
        && attempts.tries(
            declaration.id(),
            () -> attempt(declaration, last) + " reached, as no other instance runs,");
  }

  /** Whether it can be tried. */
  boolean isOpen(Declaration declaration) {
    return mayOpen(declaration) && isProtected(declaration.id());
  }

  /** The same as far as it can be told without asking anybody. */
  boolean mayOpen(Declaration declaration) {
    return !serving
        && alone
        && settings.safety().oneTransactionRows() > 0
        && !declaration.isFileOfContract()
        && !declaration.isBaseline()
        && !declaration.isLargeFile()
        && foreign.file(declaration).isEmpty()
        && !declaration.byApplication()
        && !attempts.isTried(declaration.id());
  }

  /** Whether no other instance lives at this moment. */
  boolean isAlone() {
    return database.read(shapes::isAlone);
  }

  /**
   * To be called first in the transaction.
   *
   * @return who lives; nobody can register until the transaction ends
   * @throws NotInOneTransaction if another instance lives
   */
  Fleet begin() {
    database.limits(settings.lock().budget(), settings.lock().hold());
    lease.check();
    Fleet fleet = gates.close();
    alone = fleet.live().count() <= 1;
    NotInOneTransaction.unless(alone, "another instance lives");
    return fleet;
  }

  /**
   * Nobody else has to answer, as nobody else lives when it counts; that the announcement is still
   * good is checked with each change. Where somebody else lives, nobody is asked in vain.
   */
  private boolean isProtected(String id) {
    long now = System.nanoTime();
    if (announcedUntil - now > 0) {
      return true;
    }
    alone = isAlone();
    if (!alone) {
      return false;
    }
    boolean announced = shapes.isProtected(id, false);
    announcedUntil = announced ? now + settings.fleet().leaseTime().dividedBy(4).toNanos() : now;
    return announced;
  }

  private Phase attempt(Declaration declaration, Phase last) {
    begin();
    Reached reached = runWithin(declaration, last, true);
    if (reached.reshapes()) {
      shapes.changed();
    }
    return reached.phase();
  }

  /**
   * Runs it in a transaction that has begun, see {@link #begin}.
   *
   * @param last the last phase asked for
   * @param first whether the transaction has locked no table yet
   * @throws NotInOneTransaction if it is to be rolled back, as after every other exception
   */
  Reached runWithin(Declaration declaration, Phase last, boolean first) {
    SmallTables tables = new SmallTables(database, settings.safety().oneTransactionRows());
    tables.lock(declaration.migration(), first);
    Qualified qualified = Qualified.nothingKnown();
    ResolvedMigration resolved = resolve(declaration, true, qualified);
    replication.check(declaration, resolved);
    tables.requireSmall(declaration.migration(), resolved);
    boolean empty = resolved.isOfEmptyTables(database);
    NotInOneTransaction.unless(
        empty || declaration.isFile() || !others.areTablesUsedByOthers(declaration),
        "its tables are used by others");
    Phase reached = earlier(earlier(declaration.declares(), last), Phase.SWITCH_READ);
    List<Step> done = new ArrayList<>();
    StepsAtOnce steps = new StepsAtOnce(database, declaration.id(), settings, empty, runner);
    ResolvedMigration current = resolved;
    for (Phase phase : Phase.values()) {
      if (reached.includes(phase)) {
        PhaseSteps planned = current.steps(phase);
        NotInOneTransaction.unless(planned.complete(), "the catalog is to be asked in between");
        planned.steps().forEach(steps::run);
        done.addAll(planned.steps());
        // What is recorded with the triggers is what the catalog says by now.
        current =
            (phase == Phase.EXPAND && reached != phase)
                ? expanded(declaration, current, qualified)
                : current.after(phase);
      }
    }
    journal
        .atOnce()
        .write(declaration.id(), resolved.table(), declaration.operations(), reached, done);
    if (!qualified.found().isEmpty()) {
      new ExpressionStore(database).keep(declaration.id(), qualified.found());
    }
    steps.recordCopied();
    return new Reached(reached, done.stream().anyMatch(it -> it.info().reshapes()));
  }

  /**
   * Compares it with the database, without a lock.
   *
   * @throws dev.migrator.error.InvalidMigrationException if it cannot be done as declared
   */
  void compare(Declaration declaration) {
    replication.check(declaration, resolve(declaration, true, Qualified.nothingKnown()));
  }

  /**
   * What was done.
   *
   * @param phase the last phase that is reached
   * @param reshapes whether a table has got other columns
   */
  record Reached(Phase phase, boolean reshapes) {}

  private ResolvedMigration expanded(
      Declaration declaration, ResolvedMigration resolved, Qualified qualified) {
    ResolvedOperation only =
        (resolved.operations().size() == 1)
            ? resolved.operations().get(0).seenAfterExpand(database)
            : null;
    return (only == null)
        ? resolve(declaration, false, new Qualified(qualified.found()))
        : new ResolvedMigration(List.of(only));
  }

  private ResolvedMigration resolve(Declaration declaration, boolean first, Qualified qualified) {
    return Operations.resolve(
        database, declaration.where(), declaration.migration(), first, qualified);
  }

  private static Phase earlier(Phase one, Phase other) {
    return one.includes(other) ? other : one;
  }
}
