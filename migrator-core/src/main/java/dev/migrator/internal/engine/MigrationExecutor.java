package dev.migrator.internal.engine;

import dev.migrator.ColumnChange;
import dev.migrator.Phase;
import dev.migrator.error.MigratorException;
import dev.migrator.error.StepFailedException;
import dev.migrator.internal.Timings;
import dev.migrator.internal.backfill.BackfillWorkers;
import dev.migrator.internal.fleet.Registry;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.journal.Journal.Snapshot;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.lease.LeaseLostException;
import dev.migrator.internal.operation.column.ApplicationSteps;
import dev.migrator.internal.operation.column.ColumnChangeSteps;
import dev.migrator.internal.operation.column.UndoContractSteps;
import dev.migrator.internal.plan.ApplicationGate;
import dev.migrator.internal.plan.ContractGate;
import dev.migrator.internal.plan.Decision;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.Definition;
import dev.migrator.internal.plan.Drift;
import dev.migrator.internal.plan.Fleet;
import dev.migrator.internal.plan.OldSide;
import dev.migrator.internal.plan.Planner;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.RangeSql;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.internal.step.Step;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.Hold;
import dev.migrator.status.StepStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Takes changes as far as they may go now. To be called by the instance that holds the lease. */
final class MigrationExecutor {

  private static final Logger logger = LoggerFactory.getLogger(MigrationExecutor.class);

  private static final Duration LATELY = Duration.ofDays(7);

  private final Database database;

  private final Lease lease;

  private final Journal journal;

  private final Declarations declarations;

  private final RetryingResolver planning;

  private final StepRunner runner;

  private final Deadline deadline;

  private final Registry registry;

  private final MigratorSettings settings;

  private final StopSignal signal;

  MigrationExecutor(
      Database database,
      Lease lease,
      Journal journal,
      Registry registry,
      Declarations declarations,
      MigratorSettings settings,
      StopSignal signal,
      BackfillWorkers crew,
      Timings timings) {
    this.database = database;
    this.registry = registry;
    this.lease = lease;
    this.journal = journal;
    this.declarations = declarations;
    Deadline deadline = new Deadline();
    this.planning = new RetryingResolver(database, lease, signal, deadline, timings);
    this.runner =
        new StepRunner(database, lease, journal, settings, signal, crew, deadline, timings);
    this.deadline = deadline;
    this.settings = settings;
    this.signal = signal;
  }

  /**
   * Checks all declarations whose first phase is due, before the first of them changes anything.
   */
  void checkBeforeFirstPhase(Snapshot snapshot) {
    for (Declaration declaration : declarations.all()) {
      Decision decision = decide(declaration.id(), snapshot);
      if (decision instanceof Decision.Advance advance && advance.phase() == Phase.EXPAND) {
        planning.work(declaration, Phase.EXPAND);
      }
    }
  }

  /** Takes one change forward until it is held, reached, or behind the last phase asked for. */
  void advance(String id, Phase last) {
    while (!signal.isRequested() && !lease.isWanted()) {
      Snapshot snapshot = snapshot();
      Recorded recorded = declarations.recorded(id, snapshot);
      Decision decision = decide(id, snapshot);
      boolean done;
      if (decision instanceof Decision.Advance advance && last.includes(advance.phase())) {
        done = phase(declarations.get(id), advance.phase(), recorded);
      } else if (decision instanceof Decision.ReleaseOld && last.includes(Phase.SWITCH_READ)) {
        // Without it a release cannot serve that has nothing to do with the contract otherwise.
        done = phase(declarations.get(id), Phase.CONTRACT, recorded);
      } else if (decision instanceof Decision.TakeBack takeBack) {
        Runnable gate = () -> require(it -> ApplicationGate.giveBack(id, it));
        done = new Undo(database, journal, runner, gate).run(recorded, takeBack.phase());
      } else if (decision instanceof Decision.DropRetired && last == Phase.CONTRACT) {
        done = dropRetired(recorded);
      } else {
        return;
      }
      if (!done) {
        return;
      }
    }
  }

  /** From a moment on, steps that do not get their lock are left for later. */
  void giveWayAt(long nanoTime) {
    deadline.at(nanoTime);
  }

  Snapshot snapshot() {
    Snapshot snapshot = database.read(() -> journal.snapshot(declarations.ids()));
    return declarations.dependOnFleet(snapshot)
        ? snapshot.with(database.read(() -> registry.read(settings.contract().soak())))
        : snapshot;
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

  private boolean phase(Declaration declaration, Phase phase, Recorded recorded) {
    String id = declaration.id();
    PhaseSteps work = planning.work(declaration, phase).orElse(null);
    if (work == null) {
      return false;
    }
    List<Step> steps = work.steps();
    Map<String, StepStatus.State> states = new HashMap<>();
    if (!begin(declaration, phase, work.table(), states)) {
      return false;
    }
    if (phase == Phase.CONTRACT && declaration.change() instanceof ColumnChange) {
      return contract(declaration, work, states, recorded.oldSide());
    }
    int offset = states.size();
    Runnable reached =
        () -> {
          journal.reached(id, phase);
          if (phase == Phase.CONTRACT) {
            journal.retired(id, settings.contract().retention());
          }
        };
    List<Step> left =
        steps.stream().filter(it -> states.get(it.name()) != StepStatus.State.DONE).toList();
    for (int i = 0; i < left.size(); i++) {
      Step step = asBegun(id, left.get(i), states);
      boolean last = i == left.size() - 1;
      Runnable gate = (phase == Phase.CONTRACT) ? () -> requireOpenGate(declaration) : () -> {};
      RangeSql rows = rowsBefore(step, steps);
      if (!runner.run(id, step, offset + i, rows, gate, last ? reached : () -> {})
          || (!last && lease.isWanted())) {
        return false;
      }
    }
    if (left.isEmpty()) {
      database.inTransaction(
          () -> {
            lease.check();
            if (phase == Phase.CONTRACT) {
              requireOpenGate(declaration);
            }
            reached.run();
          });
    }
    logger.info("{}: {} reached", id, phase);
    return true;
  }

  /** What the steps before one have brought over, also if an earlier leader did it. */
  private static @Nullable RangeSql rowsBefore(Step step, List<Step> steps) {
    return steps.stream()
        .takeWhile(it -> !it.name().equals(step.name()))
        .filter(Step.Backfill.class::isInstance)
        .map(it -> ((Step.Backfill) it).ranges())
        .findFirst()
        .orElse(null);
  }

  /** Returns whether it may begin. */
  private boolean begin(
      Declaration declaration, Phase phase, String table, Map<String, StepStatus.State> states) {
    String id = declaration.id();
    try {
      database.inTransaction(
          () -> {
            lease.check();
            Recorded recorded = journal.snapshot(List.of(id)).get(id);
            if (recorded != null) {
              Drift.check(declaration, recorded, "");
            }
            if (recorded != null && Planner.waitsForWriters(declaration, recorded)) {
              // Who registers later finds in the journal that it has begun.
              database.limits(settings.lockBudget(), settings.lockBudget());
              require(it -> ApplicationGate.backfill(id, it));
            }
            journal.begin(
                id, table, Definition.of(declaration.change()).subList(0, phase.ordinal() + 1));
            journal.steps().of(id).forEach(it -> states.put(it.name(), it.state()));
          });
      return true;
    } catch (PreconditionChanged ex) {
      return false;
    } catch (DataAccessException ex) {
      if (SqlState.isContention(ex)) {
        logger.debug("{}: {} waits for a registration that is under way", id, phase);
        return false;
      }
      throw ex;
    }
  }

  /** Like {@link #requireOpenGate}. */
  private void require(Function<Fleet, List<Hold>> gate) {
    if (!gate.apply(registry.close(Duration.ZERO)).isEmpty()) {
      throw new PreconditionChanged();
    }
  }

  /**
   * An index that is there may be there because of an attempt that was interrupted before it was
   * recorded. Only what was recorded when that attempt began tells how to take it back.
   */
  private Step asBegun(String id, Step step, Map<String, StepStatus.State> states) {
    StepStatus.State state = states.get(step.name());
    boolean begun = state == StepStatus.State.RUNNING || state == StepStatus.State.FAILED;
    if (!begun || !(step instanceof Step.Index index)) {
      return step;
    }
    List<String> recorded = database.inTransaction(() -> journal.steps().undo(id, step.name()));
    return recorded.isEmpty() ? step : index.withUndo(recorded);
  }

  /**
   * Asked in the transaction that takes the old side away. Nobody can register until it ends, so
   * what was true here is true when it commits.
   */
  private void requireOpenGate(Declaration declaration) {
    Fleet fleet = registry.close(settings.contract().soak());
    Snapshot snapshot = journal.snapshot(List.of(declaration.id()));
    Recorded recorded = declarations.recorded(declaration.id(), snapshot);
    if (ContractGate.check(declaration, recorded, fleet, settings.contract(), snapshot.now())
        != null) {
      throw new PreconditionChanged();
    }
  }

  private boolean contract(
      Declaration declaration,
      PhaseSteps work,
      Map<String, StepStatus.State> states,
      OldSide oldSide) {
    String id = declaration.id();
    List<Step> steps =
        (oldSide == OldSide.RELEASED) ? ApplicationSteps.behindRelease(work.steps()) : work.steps();
    if (steps.stream().allMatch(it -> states.get(it.name()) == StepStatus.State.DONE)) {
      // Carried once, and gone or changed since: carrying it again under the same name is no proof.
      throw runner.failed(
          id,
          Phase.CONTRACT,
          steps.get(0).name(),
          "what was carried to the new column is not there any longer; make it again by hand",
          null);
    }
    int position = states.size();
    for (Step step : steps) {
      // A verification is good for the moment only.
      boolean again = step instanceof Step.Verify || step instanceof Step.Proof;
      if (states.get(step.name()) == StepStatus.State.DONE && !again) {
        continue;
      }
      if (step.name().equals(ApplicationSteps.RELEASE)) {
        return releaseOld(
            declaration, step, ApplicationSteps.recordedAtRelease(work.back()), position);
      }
      if (step.name().equals(ColumnChangeSteps.RETIRE)) {
        Step drop = steps.get(steps.indexOf(step) + 1);
        List<Step> back =
            (oldSide == OldSide.RELEASED)
                ? ApplicationSteps.recordedAtRetirement(work.back())
                : work.back();
        return retire(declaration, step, drop, work.withBack(back), position);
      }
      if (!runner.run(id, step, position++, () -> {})) {
        return false;
      }
    }
    return true; // what was missing is carried; the next look at the catalog finds it
  }

  /**
   * Lets releases in that write the new side only. From then on none starts that reads the old one,
   * and what it would take to have it back is recorded, while the catalog still has everything.
   */
  private boolean releaseOld(Declaration declaration, Step release, List<Step> back, int position) {
    String id = declaration.id();
    boolean done =
        runner.run(
            id,
            release,
            position,
            () -> require(it -> ApplicationGate.release(id, it)),
            () -> {
              journal.oldSide(id, OldSide.RELEASED);
              for (int i = 0; i < back.size(); i++) {
                journal.steps().pending(id, back.get(i), position + 1 + i);
              }
            });
    if (done) {
      logger.info("{}: nobody has to write the old side any longer", id);
    }
    return done;
  }

  private boolean retire(
      Declaration declaration, Step retire, Step drop, PhaseSteps work, int position) {
    String id = declaration.id();
    List<Step> back = work.back();
    boolean done =
        runner.run(
            id,
            retire,
            position,
            () -> requireOpenGate(declaration),
            () -> {
              if (!declaration.byApplication()) {
                runner.requireWholeProof(id, work.tableId());
              }
              journal.reached(id, Phase.CONTRACT);
              journal.steps().pending(id, drop, position + 1);
              journal.retired(id, settings.contract().retention());
              for (int i = 0; i < back.size(); i++) {
                journal.steps().pending(id, back.get(i), position + 2 + i);
              }
            });
    if (done) {
      logger.info("{}: {} reached", id, Phase.CONTRACT);
    }
    return done;
  }

  /** By the recorded SQL: the release that knows the change may be gone by now. */
  private boolean dropRetired(Recorded recorded) {
    List<String> sql =
        database.inTransaction(
            () -> journal.steps().statements(recorded.id(), ColumnChangeSteps.DROP_RETIRED));
    if (sql.isEmpty()) {
      // A recipe keeps nothing aside; until now it could have been taken back.
      database.inTransaction(
          () -> {
            lease.check();
            journal.completed(recorded.id());
          });
      return true;
    }
    Step step =
        new Step.Ddl(
            ColumnChangeSteps.DROP_RETIRED,
            Phase.CONTRACT,
            List.of(new TableLock(recorded.table(), TableLock.Mode.ACCESS_EXCLUSIVE)),
            sql,
            List.of());
    boolean done = runner.run(recorded.id(), step, 1, () -> complete(recorded.id()));
    if (done) {
      logger.info("{}: completed, the old side is dropped", recorded.id());
    }
    return done;
  }

  private void complete(String id) {
    if (!journal.completed(id)) {
      throw new PreconditionChanged();
    }
    journal.steps().forgetPending(id, UndoContractSteps.PREFIX);
  }

  /**
   * Everything that can be done now, for all changes; one that fails does not keep the others.
   *
   * @return whether none failed
   */
  boolean all() {
    boolean clean = true;
    for (String id : declarations.order(snapshot())) {
      try {
        advance(id, Phase.CONTRACT);
      } catch (LeaseLostException ex) {
        throw ex;
      } catch (StepFailedException ex) {
        clean = false;
        logger.error(ex.getMessage(), ex);
      } catch (MigratorException ex) {
        clean = false;
        logger.error(ex.getMessage());
        refused(id, ex.getMessage());
      } catch (DataAccessException | TransactionException ex) {
        clean = false;
        logger.error("{}: {}; it is tried again", id, SqlState.describe(ex));
      }
    }
    return clean;
  }

  private void refused(String id, String reason) {
    database.inTransaction(
        () -> {
          lease.check();
          journal.refused(id, reason);
        });
  }
}
