package dev.migrator.run;

import dev.migrator.MigratorException;
import dev.migrator.MigratorSettings;
import dev.migrator.Phase;
import dev.migrator.StepFailedException;
import dev.migrator.StepStatus;
import dev.migrator.journal.Journal;
import dev.migrator.journal.Journal.Snapshot;
import dev.migrator.journal.Lease;
import dev.migrator.journal.LeaseLostException;
import dev.migrator.plan.ColumnChangeSteps;
import dev.migrator.plan.Decision;
import dev.migrator.plan.Declaration;
import dev.migrator.plan.Definition;
import dev.migrator.plan.Drift;
import dev.migrator.plan.Recorded;
import dev.migrator.plan.Step;
import dev.migrator.plan.UndoContractSteps;
import dev.migrator.postgres.Database;
import dev.migrator.postgres.ResolvedChange;
import dev.migrator.postgres.TableLock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes changes as far as they may go now. To be called by the instance that holds the lease. */
final class Rounds {

  private static final Logger logger = LoggerFactory.getLogger(Rounds.class);

  private final Database database;

  private final Lease lease;

  private final Journal journal;

  private final Declarations declarations;

  private final ChangeResolver resolver;

  private final StepRunner runner;

  private final MigratorSettings settings;

  private final StopSignal signal;

  Rounds(
      Database database,
      Lease lease,
      Journal journal,
      Declarations declarations,
      MigratorSettings settings,
      StopSignal signal) {
    this.database = database;
    this.lease = lease;
    this.journal = journal;
    this.declarations = declarations;
    this.resolver = new ChangeResolver(database);
    this.runner = new StepRunner(database, lease, journal, settings, signal);
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
        resolver.resolve(declaration);
      }
    }
  }

  /** Takes one change forward until it is held, reached, or behind the last phase asked for. */
  void advance(String id, Phase last) {
    while (!signal.isRequested()) {
      Snapshot snapshot = snapshot();
      Recorded recorded = declarations.recorded(id, snapshot);
      Decision decision = decide(id, snapshot);
      boolean done;
      if (decision instanceof Decision.Advance advance && last.includes(advance.phase())) {
        done = phase(declarations.get(id), advance.phase());
      } else if (decision instanceof Decision.TakeBack takeBack) {
        done = new Undo(database, journal, runner).run(recorded, takeBack.phase());
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
    runner.giveWayAt(nanoTime);
  }

  Snapshot snapshot() {
    return database.read(() -> journal.snapshot(declarations.ids()));
  }

  Decision decide(String id, Snapshot snapshot) {
    return declarations.decide(id, snapshot, settings.approvedContracts());
  }

  private boolean phase(Declaration declaration, Phase phase) {
    String id = declaration.id();
    ResolvedChange change = resolver.resolve(declaration);
    List<Step> steps = ColumnChangeSteps.of(phase, change);
    Map<String, StepStatus.State> states = new HashMap<>();
    database.inTransaction(
        () -> {
          lease.check();
          Recorded recorded = journal.snapshot(List.of(id)).get(id);
          if (recorded != null) {
            Drift.check(declaration, recorded);
          }
          journal.begin(
              id,
              change.table().quoted(),
              Definition.of(declaration.change()).subList(0, phase.ordinal() + 1));
          journal.steps(id).forEach(it -> states.put(it.name(), it.state()));
        });
    if (phase == Phase.CONTRACT
        && steps.stream().allMatch(it -> states.get(it.name()) == StepStatus.State.DONE)) {
      // Carried once, and gone or changed since: carrying it again under the same name is no proof.
      throw runner.failed(
          id,
          phase,
          steps.get(0).name(),
          "what was carried to the new column is not there any longer; make it again by hand",
          null);
    }
    boolean retires = steps.stream().anyMatch(it -> it.name().equals(ColumnChangeSteps.RETIRE));
    int offset = states.size();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      if (states.get(step.name()) == StepStatus.State.DONE) {
        continue;
      }
      int position = offset + i;
      boolean last = i == steps.size() - (retires ? 2 : 1);
      Runnable record = () -> {};
      if (last && retires) {
        Step drop = steps.get(i + 1);
        record =
            () -> {
              journal.reached(id, phase);
              journal.pending(id, drop, position + 1);
              journal.retired(id, settings.retention());
              List<Step> back = UndoContractSteps.of(change);
              for (int k = 0; k < back.size(); k++) {
                journal.pending(id, back.get(k), position + 2 + k);
              }
            };
      } else if (last && phase != Phase.CONTRACT) {
        record = () -> journal.reached(id, phase);
      }
      if (!runner.run(id, step, position, record)) {
        return false;
      }
      if (last) {
        break;
      }
    }
    if (phase == Phase.CONTRACT && !retires) {
      return true; // what was missing is carried; the next look at the catalog finds it
    }
    logger.info("{}: {} reached", id, phase);
    return true;
  }

  /** By the recorded SQL: the release that knows the change may be gone by now. */
  private boolean dropRetired(Recorded recorded) {
    List<String> sql =
        database.inTransaction(
            () -> journal.statements(recorded.id(), ColumnChangeSteps.DROP_RETIRED));
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
      throw new OvertakenException();
    }
    journal.forgetPending(id, UndoContractSteps.PREFIX);
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
