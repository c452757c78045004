package dev.migrator.internal.engine.step;

import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.catalog.HeldLocks;
import dev.migrator.internal.effect.CatalogDifference;
import dev.migrator.internal.effect.CatalogImage;
import dev.migrator.internal.effect.Change;
import dev.migrator.internal.effect.ImageSequence;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.internal.step.Gate;
import dev.migrator.internal.step.SqlFileStep;
import dev.migrator.operation.SqlFile.Allowance;
import dev.migrator.operation.SqlText;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.MigrationEvent.Kind;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Runs a SQL file in one transaction, looks what it changed, and commits only if older releases can
 * do with that. What it is judged by is the catalog and not its text, so that a function or a block
 * of code is seen as well.
 */
final class SqlFileExecutor implements StepExecutor<SqlFileStep> {

  private static final Logger logger = LoggerFactory.getLogger(SqlFileExecutor.class);

  private final ExecutionContext context;

  private final LockedTransactions transactions;

  private final ShapeChanges shapes;

  private final BooleanSupplier adopted;

  private final LongStatementMonitor monitor;

  private final MigratorSettings settings;

  private final ImageSequence images;

  private final HeldLocks locks;

  private final LockWatch watches;

  SqlFileExecutor(
      ExecutionContext context,
      LockedTransactions transactions,
      ShapeChanges shapes,
      BooleanSupplier adopted,
      LongStatementMonitor monitor,
      MigratorSettings settings) {
    this.context = context;
    this.transactions = transactions;
    this.shapes = shapes;
    this.adopted = adopted;
    this.monitor = monitor;
    this.settings = settings;
    this.images = new ImageSequence(context.database());
    this.locks = new HeldLocks(context.database());
    this.watches = new LockWatch(context.database());
  }

  @Override
  public boolean run(StepRun run, SqlFileStep step) {
    try {
      return step.longWork()
          ? monitor.over(run.id(), step.name(), () -> attempt(run, step))
          : attempt(run, step);
    } catch (DataAccessException ex) {
      // A long statement is cancelled when the instance stops or leaves the work for later.
      if (context.isToEnd() && SqlState.isTimeout(ex)) {
        return false;
      }
      throw ex;
    }
  }

  private boolean attempt(StepRun run, SqlFileStep step) {
    return transactions.attempt(
        run.id(),
        step.name(),
        step.longWork(),
        () -> {
          context.requireNotHeld(run);
          run.gate().run();
        },
        () -> {
          runWithin(run.id(), step);
          run.finish().run();
        });
  }

  /**
   * Runs a file in the transaction at hand, and records what it changed.
   *
   * @throws FileRefused if it must not be committed
   */
  void runWithin(String id, SqlFileStep step) {
    List<Change> changes = execute(id, step);
    if (!changes.isEmpty()) {
      String effect = step.path() + ": " + EffectVerdict.text(changes);
      logger.info("{}: {}", id, effect);
      context.journal().events().append(id, Kind.EFFECT, step.phase(), effect);
    }
    if (changes.stream().anyMatch(Change::reshapes)) {
      shapes.changed();
    }
  }

  /** Runs the statements, and returns what they changed. */
  private List<Change> execute(String id, SqlFileStep step) {
    Database database = context.database();
    String path = database.searchPath().get();
    database.searchPath().set("pg_catalog");
    CatalogImage before = images.before();
    // An undo is an operator's command, which is asked about otherwise.
    boolean mayTakeAway = step.info().gate() == Gate.CONTRACT || !step.allowances().isEmpty();
    MappedEvidence mapped = mayTakeAway ? new MappedEvidence(database, shapes.fleet()) : null;
    database.searchPath().set(path);
    try (LockWatch.Watch watch =
        watches.over(locks.session(), before.tables(), settings.lock().hold(), step.longWork())) {
      HoldLimit limit = new HoldLimit(database, step, before.tables(), watch, settings);
      statements(step, limit);
    }
    database.limits(settings.lock().budget(), settings.lock().hold().plusSeconds(5));
    // The file may have set another one, for this transaction or for good.
    database.searchPath().pin(path);
    List<Change> changes = CatalogDifference.between(before, images.after());
    EffectVerdict.refusal(step, changes, LocalDate.now(), () -> nobodyIsHurt(id, step))
        .ifPresent(
            it -> {
              throw new FileRefused(it);
            });
    if (mapped != null && changes.stream().anyMatch(it -> it.kind().takesAway())) {
      mapped.requireAllThere(step.path());
    }
    return changes;
  }

  private static void statements(SqlFileStep step, HoldLimit limit) {
    SqlText text = step.text();
    if (text == null) {
      step.placed().forEach(limit::statement);
      return;
    }
    try {
      text.read(limit);
    } catch (UncheckedIOException | InvalidMigrationException ex) {
      throw new FileRefused(String.valueOf(ex.getMessage()));
    }
  }

  /**
   * A file of another tool's time runs as it is where that tool has never run, as on a new
   * database, among instances that all have it. Elsewhere instances may serve that have not even
   * registered.
   */
  private boolean nobodyIsHurt(String id, SqlFileStep step) {
    boolean ofHistory = step.allowances().stream().anyMatch(Allowance::coversHistory);
    return ofHistory ? !adopted.getAsBoolean() && shapes.isKnownToAll(id) : shapes.isAlone();
  }
}
