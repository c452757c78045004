package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.error.ErrorCode;
import dev.migrator.error.MigratorException;
import dev.migrator.error.StepFailedException;
import dev.migrator.internal.Lazy;
import dev.migrator.internal.Timings;
import dev.migrator.internal.backfill.BackfillWorkers;
import dev.migrator.internal.engine.step.Deadline;
import dev.migrator.internal.engine.step.LeaderPause;
import dev.migrator.internal.engine.step.ShapeChanges;
import dev.migrator.internal.engine.step.StepExecutors;
import dev.migrator.internal.engine.step.StepRunner;
import dev.migrator.internal.engine.step.StopSignal;
import dev.migrator.internal.fleet.Announcements;
import dev.migrator.internal.fleet.Protection;
import dev.migrator.internal.fleet.Registry;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.json.Json;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.lease.LeaseLostException;
import dev.migrator.internal.plan.Decision;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.settings.MigratorSettings;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Takes migrations as far as they may go now. To be called by the instance that holds the lease.
 */
final class MigrationExecutor {

  private static final Logger logger = LoggerFactory.getLogger(MigrationExecutor.class);

  private final Database database;

  private final Lease lease;

  private final Journal journal;

  private final Declarations declarations;

  private final Registry registry;

  private final ContractHolds others;

  private final MigratorSettings settings;

  private final StopSignal signal;

  private final SyncCare sync;

  private final Deadline deadline = new Deadline();

  private final RetryingResolver resolver;

  private final FleetGates gates;

  private final PhaseExecutor phases;

  private final OneTransactionExecutor atOnce;

  private final FilesAtOnce files;

  private final ChangesAtOnce changes;

  private final FirstPhaseCheck firstCheck;

  private final Snapshots snapshots;

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
      FleetGates gates,
      ReadTogether together,
      Snapshots snapshots,
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
        new RetryingResolver(
            database, lease, journal, settings.safety(), signal, deadline, timings);
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
    Lazy<StepExecutors> executors =
        new Lazy<>(
            () ->
                new StepExecutors(
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
                    timings));
    StepRunner runner = new StepRunner(database, lease, journal, shapes, executors);
    this.gates = gates;
    this.phases =
        new PhaseExecutor(database, lease, journal, resolver, runner, gates, foreign, settings);
    this.atOnce =
        new OneTransactionExecutor(
            database, lease, journal, gates, others, shapes, runner, foreign, settings);
    this.snapshots = snapshots;
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
            together,
            this::isEnded);
    this.changes =
        new ChangesAtOnce(
            declarations.all(),
            atOnce,
            this::decide,
            together,
            new SeveralAtOnce(database, shapes, settings, this::isEnded));
    this.firstCheck = new FirstPhaseCheck(declarations, this, resolver, changes);
    this.emptyContract =
        new EmptyTablesContract(
            database, lease, journal, gates, shapes, runner, others::areTablesEmpty, settings);
    this.undos =
        new UndoExecutor(database, lease, journal, runner, gates, foreign, signal, deadline);
    TriggerRest rest =
        new TriggerRest(
            database,
            lease,
            journal,
            new RestingState(database, registry),
            declarations,
            resolver,
            runner,
            settings,
            timings);
    VerificationAgain again = new VerificationAgain(database, declarations, resolver, runner, rest);
    this.sync =
        new SyncCare(
            new TriggerCare(database, declarations, runner, again),
            new ColumnCare(database, journal, declarations, resolver, runner, again),
            rest);
    this.retention = new RetentionExecutor(database, lease, journal, runner);
  }

  private boolean isEnded() {
    return signal.isRequested() || lease.isWanted();
  }

  /** See {@link FirstPhaseCheck}. */
  void checkBeforeFirstPhase(Snapshot snapshot) {
    firstCheck.begin(snapshot);
  }

  /**
   * Takes one change forward until it is held, reached, or behind the last phase asked for.
   *
   * @param fresh {@link #refreshed} for it a moment ago
   * @return the same, refreshed again
   */
  Snapshot advance(String id, Phase last, Snapshot fresh) {
    return advance(id, last, fresh, Care.BEFORE_PHASES);
  }

  private Snapshot advance(String id, Phase last, Snapshot fresh, Care atFirst) {
    Snapshot snapshot = fresh;
    boolean done = true;
    Care care = atFirst;
    while (done && !isEnded()) {
      Recorded recorded = declarations.recorded(id, snapshot);
      Decision decision = decide(id, snapshot);
      if (last.includes(Phase.BACKFILL)
          && care.isDue(goesOn(decision, last))
          && !sync.keep(recorded)) {
        return snapshot;
      }
      care = Care.BEFORE_PHASES;
      if (decision instanceof Decision.Advance advance && last.includes(advance.phase())) {
        done =
            sync.begins(recorded, advance.phase())
                && run(declarations.get(id), advance.phase(), last, snapshot);
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
      snapshot = snapshots.refreshed(snapshot, id, last);
    }
    return snapshot;
  }

  private boolean run(Declaration declaration, Phase phase, Phase last, Snapshot snapshot) {
    Json.prepare(declaration.operations());
    Recorded recorded = snapshot.get(declaration.id());
    return (recorded == null && runAtOnce(declaration, last, snapshot))
        || (phase == Phase.CONTRACT
            && recorded != null
            && recorded.begun() != phase
            && emptyContract.run(declaration))
        || phases.run(declaration, phase, recorded == null || recorded.begun() == null);
  }

  private boolean runAtOnce(Declaration declaration, Phase last, Snapshot snapshot) {
    return firstCheck.runs(declaration, last, snapshot)
        || files.run(declaration, snapshot)
        || changes.run(declaration, last, snapshot)
        || atOnce.run(declaration, last);
  }

  private static boolean goesOn(Decision decision, Phase last) {
    return decision instanceof Decision.Advance advance
        ? last.includes(advance.phase())
        : !isAtRest(decision);
  }

  boolean caresForTriggers(Snapshot snapshot) {
    return sync.caresForAny(snapshot);
  }

  /** See {@link SyncCare}. */
  boolean triggersAreDue(Snapshot snapshot) {
    return sync.isDue(snapshot, it -> isAtRest(decide(it, snapshot)));
  }

  /** Whether this instance starts, so that nobody is to be asked what it maps yet. */
  void starting(boolean starting) {
    gates.starting(starting);
    isJob(starting);
  }

  /** Whether this instance does nothing else, so that no code of it uses a table. */
  void isJob(boolean job) {
    atOnce.serving(!job);
    if (!job) {
      firstCheck.end();
    }
  }

  /** From a moment on, steps that do not get their lock are left for later. */
  void yieldAt(long nanoTime) {
    deadline.at(nanoTime);
  }

  Snapshot snapshot() {
    return snapshots.all();
  }

  /** A snapshot brought up to date for one migration, without reading all of the others again. */
  Snapshot refreshed(Snapshot known, String id) {
    return snapshots.refreshed(known, id);
  }

  Decision decide(String id, Snapshot snapshot) {
    return snapshots.decide(id, snapshot);
  }

  /** Whether what is due next is this phase or an earlier one. */
  boolean isUpTo(Phase last, String id, Snapshot snapshot) {
    return decide(id, snapshot) instanceof Decision.Advance advance
        && last.includes(advance.phase());
  }

  /**
   * Everything that can be done now, for all changes; one that fails does not keep the others.
   *
   * @param read what the journal says since this instance leads
   * @return whether none failed
   */
  boolean all(Snapshot read) {
    boolean clean = true;
    Snapshot known = read;
    Set<String> due = sync.due(known);
    // Behind the first that is worked on, which may take hours, all is read and looked at again.
    boolean justRead = true;
    for (String id : declarations.order(known)) {
      if (isAtRest(decide(id, known)) && !due.contains(id)) {
        continue;
      }
      try {
        Snapshot fresh = justRead ? known : refreshed(known, id);
        Care care = Care.of(due.contains(id), justRead);
        justRead = false;
        known = advance(id, Phase.CONTRACT, fresh, care);
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
    Snapshot last = known;
    sync.rest(last, it -> isAtRest(decide(it, last)));
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
