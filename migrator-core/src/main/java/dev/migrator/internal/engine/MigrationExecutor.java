package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.error.ErrorCode;
import dev.migrator.error.MigratorException;
import dev.migrator.error.StepFailedException;
import dev.migrator.internal.Timings;
import dev.migrator.internal.backfill.BackfillWorkers;
import dev.migrator.internal.engine.step.Deadline;
import dev.migrator.internal.engine.step.LeaderPause;
import dev.migrator.internal.engine.step.ShapeChanges;
import dev.migrator.internal.engine.step.StepRunner;
import dev.migrator.internal.engine.step.StopSignal;
import dev.migrator.internal.fleet.Announcements;
import dev.migrator.internal.fleet.Protection;
import dev.migrator.internal.fleet.Registry;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.lease.LeaseLostException;
import dev.migrator.internal.plan.Decision;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.Fleet;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.Hold;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Takes migrations as far as they may go now. To be called by the instance that holds the lease.
 */
final class MigrationExecutor {

  private static final Logger logger = LoggerFactory.getLogger(MigrationExecutor.class);

  private static final Duration LATELY = Duration.ofDays(7);

  private final Database database;

  private final Lease lease;

  private final Journal journal;

  private final Declarations declarations;

  private final Registry registry;

  private final ContractHolds others;

  private final MigratorSettings settings;

  private final StopSignal signal;

  private final TriggerCare triggers;

  private final ColumnCare columns;

  private final Deadline deadline = new Deadline();

  private final RetryingResolver resolver;

  private final FleetGates gates;

  private final PhaseExecutor phases;

  private final OneTransactionExecutor atOnce;

  private final FilesAtOnce files;

  private final EmptyTablesContract emptyContract;

  private final UndoExecutor undos;

  private final RetentionExecutor retention;

  MigrationExecutor(
      Database database,
      Lease lease,
      Journal journal,
      Registry registry,
      ContractHolds others,
      Announcements announcements,
      Protection protection,
      Declarations declarations,
      MigratorSettings settings,
      StopSignal signal,
      BackfillWorkers workers,
      ForeignRecords foreign,
      Timings timings) {
    this.database = database;
    this.lease = lease;
    this.journal = journal;
    this.declarations = declarations;
    this.registry = registry;
    this.others = others;
    this.settings = settings;
    this.signal = signal;
    this.resolver =
        new RetryingResolver(database, lease, settings.safety(), signal, deadline, timings);
    LeaderPause pause = new LeaderPause(database, lease, signal, deadline, timings);
    ShapeChanges shapes =
        new ShapeChanges(
            database,
            lease,
            registry,
            announcements,
            protection,
            pause,
            deadline,
            settings.fleet().protectionLimit(),
            timings.leading().lookAgain());
    StepRunner runner =
        new StepRunner(
            database,
            lease,
            journal,
            settings,
            signal,
            workers,
            shapes,
            foreign::hasRunHere,
            pause,
            deadline,
            timings);
    this.gates = new FleetGates(journal, registry, others, settings.contract());
    this.phases =
        new PhaseExecutor(database, lease, journal, resolver, runner, gates, foreign, settings);
    this.atOnce =
        new OneTransactionExecutor(
            database, lease, journal, gates, others, shapes, runner, foreign, settings);
    this.files =
        new FilesAtOnce(
            database,
            declarations,
            journal,
            shapes,
            atOnce,
            foreign,
            settings,
            this::decide,
            () -> signal.isRequested() || lease.isWanted());
    this.emptyContract =
        new EmptyTablesContract(
            database, lease, journal, gates, shapes, runner, others::areTablesEmpty, settings);
    this.undos =
        new UndoExecutor(database, lease, journal, runner, gates, foreign, signal, deadline);
    VerificationAgain again = new VerificationAgain(database, declarations, resolver, runner);
    this.triggers = new TriggerCare(database, declarations, runner, again);
    this.columns = new ColumnCare(database, journal, declarations, resolver, runner, again);
    this.retention = new RetentionExecutor(database, lease, journal, runner);
  }

  /**
   * Checks all declarations whose first phase is due, before the first of them changes anything.
   * Not those that come behind a file that has not run: they may need what it makes.
   */
  void checkBeforeFirstPhase(Snapshot snapshot) {
    for (Declaration declaration : declarations.all()) {
      if (declaration.isFile()
          && declarations.recorded(declaration.id(), snapshot).phase() == null) {
        return;
      }
      Decision decision = decide(declaration.id(), snapshot);
      if (decision instanceof Decision.Advance advance && advance.phase() == Phase.EXPAND) {
        resolver.resolve(
            declaration,
            Phase.EXPAND,
            declarations.recorded(declaration.id(), snapshot).begun() == null);
      }
    }
  }

  /**
   * Takes one change forward until it is held, reached, or behind the last phase asked for.
   *
   * @param fresh {@link #refreshed} for it a moment ago
   * @return the same, refreshed again
   */
  Snapshot advance(String id, Phase last, Snapshot fresh) {
    Snapshot snapshot = fresh;
    boolean done = true;
    while (done && !signal.isRequested() && !lease.isWanted()) {
      Recorded recorded = declarations.recorded(id, snapshot);
      if (last.includes(Phase.BACKFILL) && !(triggers.keep(recorded) && columns.keep(recorded))) {
        return snapshot;
      }
      Decision decision = decide(id, snapshot);
      if (decision instanceof Decision.Advance advance && last.includes(advance.phase())) {
        done = run(declarations.get(id), advance.phase(), last, snapshot);
      } else if (decision instanceof Decision.ReleaseOld && last.includes(Phase.SWITCH_READ)) {
        // Without it a release cannot serve that has nothing to do with the contract otherwise.
        done = phases.run(declarations.get(id), Phase.CONTRACT, false);
      } else if (decision instanceof Decision.Undo undo) {
        done = undos.run(recorded, undo.phase());
      } else if (decision instanceof Decision.DropRetired && last == Phase.CONTRACT) {
        done = retention.run(id);
      } else {
        return snapshot;
      }
      snapshot = refreshed(snapshot, id);
    }
    return snapshot;
  }

  private boolean run(Declaration declaration, Phase phase, Phase last, Snapshot snapshot) {
    Recorded recorded = snapshot.get(declaration.id());
    return (recorded == null && (files.run(declaration, snapshot) || atOnce.run(declaration, last)))
        || (phase == Phase.CONTRACT
            && recorded != null
            && recorded.begun() != phase
            && emptyContract.run(declaration))
        || phases.run(declaration, phase, recorded == null || recorded.begun() == null);
  }

  boolean caresForTriggers(Snapshot snapshot) {
    return triggers.caresForAny(snapshot) || columns.caresForAny(snapshot);
  }

  /** Whether triggers are to be made anew, or what they and carried objects were made from. */
  boolean triggersAreDue(Snapshot snapshot) {
    return !careIsDue(snapshot).isEmpty();
  }

  private Set<String> careIsDue(Snapshot snapshot) {
    Set<String> due = new HashSet<>(triggers.due(snapshot));
    due.addAll(columns.due(snapshot));
    return due;
  }

  /** Whether this instance starts, so that nobody is to be asked what it maps yet. */
  void starting(boolean starting) {
    gates.starting(starting);
    atOnce.serving(!starting);
  }

  /** Whether this instance does nothing else, so that no code of it uses a table. */
  void isJob(boolean job) {
    atOnce.serving(!job);
  }

  /** From a moment on, steps that do not get their lock are left for later. */
  void yieldAt(long nanoTime) {
    deadline.at(nanoTime);
  }

  Snapshot snapshot() {
    return withFleet(database.read(() -> journal.snapshot(declarations.ids())));
  }

  /** A snapshot brought up to date for one migration, without reading all of the others again. */
  Snapshot refreshed(Snapshot known, String id) {
    if (files.isRead(id) && known.get(id) != null) {
      return known;
    }
    Set<String> ids = files.readWith(id);
    Snapshot snapshot = database.read(() -> journal.refreshed(known, ids));
    return declarations.dependsOnFleet(id, snapshot)
        ? withFleet(snapshot, () -> declarations.others(id, snapshot, others, gates.isStarting()))
        : snapshot;
  }

  /** With the files that are missing here. */
  Snapshot snapshotWithFiles() {
    return withFleet(database.read(() -> journal.snapshotWithFiles(declarations.ids())));
  }

  private Snapshot withFleet(Snapshot snapshot) {
    return declarations.dependOnFleet(snapshot)
        ? withFleet(snapshot, () -> declarations.others(snapshot, others, gates.isStarting()))
        : snapshot;
  }

  private Snapshot withFleet(Snapshot snapshot, Supplier<Map<String, List<Hold>>> beside) {
    Fleet fleet =
        database.read(() -> registry.read(settings.contract().soak())).with(database.read(beside));
    return snapshot.with(gates.isStarting() ? fleet.duringStart() : fleet);
  }

  /** With everybody who was registered not long ago. */
  Snapshot snapshotWithFleet() {
    return database
        .read(() -> journal.snapshot(declarations.ids()))
        .with(database.read(() -> registry.read(LATELY)));
  }

  Decision decide(String id, Snapshot snapshot) {
    return declarations.decide(id, snapshot, settings.contract());
  }

  /** Whether what is due next is this phase or an earlier one. */
  boolean isUpTo(Phase last, String id, Snapshot snapshot) {
    return decide(id, snapshot) instanceof Decision.Advance advance
        && last.includes(advance.phase());
  }

  /**
   * Everything that can be done now, for all changes; one that fails does not keep the others.
   *
   * @return whether none failed
   */
  boolean all() {
    boolean clean = true;
    Snapshot known = snapshot();
    Set<String> due = careIsDue(known);
    for (String id : declarations.order(known)) {
      if (isAtRest(decide(id, known)) && !due.contains(id)) {
        continue;
      }
      try {
        known = advance(id, Phase.CONTRACT, refreshed(known, id));
      } catch (LeaseLostException ex) {
        throw ex;
      } catch (StepFailedException ex) {
        clean = false;
        logger.error(ex.getMessage(), ex);
        known = refreshed(known, id);
      } catch (MigratorException ex) {
        clean = false;
        logger.error(ex.getMessage());
        refused(id, ex.getMessage());
        known = refreshed(known, id);
      } catch (DataAccessException | TransactionException ex) {
        if (SqlState.isConnectionLost(ex)) {
          throw ex; // of an outage one part tells for all
        }
        clean = false;
        logger.error(
            "{}: {}: {}; it is tried again", ErrorCode.WORK_INTERRUPTED, id, SqlState.describe(ex));
      }
    }
    return clean;
  }

  /**
   * Whether nothing is to be done, as far as is known; a moment later the next round looks again.
   */
  static boolean isAtRest(Decision decision) {
    return decision instanceof Decision.Wait || decision instanceof Decision.Reached;
  }

  private void refused(String id, String reason) {
    database.inTransaction(
        () -> {
          lease.check();
          Declaration declaration = declarations.find(id);
          if (declaration != null && declaration.isInBackground()) {
            // No start has said so, and it would be tried again every few seconds.
            journal.refusedAtFirst(id, reason);
          } else {
            journal.refused(id, reason);
          }
        });
  }
}
