package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.error.StepFailedException;
import dev.migrator.internal.backfill.ProgressStore;
import dev.migrator.internal.catalog.PartitionedIndex;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.operation.column.ApplicationSteps;
import dev.migrator.internal.operation.column.ColumnChangeSteps;
import dev.migrator.internal.operation.column.UndoContractSteps;
import dev.migrator.internal.plan.OldSide;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.IndexName;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.internal.step.Step;
import dev.migrator.internal.step.StepCodec;
import dev.migrator.status.StepStatus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Takes a phase back, step by step in reverse, by the SQL that was recorded when the steps were
 * done: it needs neither the declaration nor a guess.
 */
final class Undo {

  private final Database database;

  private final Journal journal;

  private final StepRunner runner;

  private final Runnable gate;

  /**
   * Makes it.
   *
   * @param gate asked in the transaction from which on every release has to write the old side
   *     again, which it was not to write for a while
   */
  Undo(Database database, Journal journal, StepRunner runner, Runnable gate) {
    this.gate = gate;
    this.database = database;
    this.journal = journal;
    this.runner = runner;
  }

  /** Returns whether it is done; not if told to end. */
  boolean run(Recorded recorded, Phase phase) {
    String id = recorded.id();
    List<StepStatus> steps = new ArrayList<>(database.inTransaction(() -> journal.steps().of(id)));
    boolean retired =
        steps.stream()
            .anyMatch(
                it ->
                    it.name().equals(ColumnChangeSteps.RETIRE)
                        && it.state() == StepStatus.State.DONE);
    if (recorded.oldSide() != OldSide.KEPT) {
      return recorded.phase() == Phase.CONTRACT ? bringBack(id) : contract(recorded);
    }
    if (recorded.phase() == Phase.CONTRACT && retired) {
      return contract(recorded);
    }
    if (!runner.withdraw(id)) {
      return false;
    }
    steps.removeIf(it -> it.phase() != phase || it.state() == StepStatus.State.UNDONE);
    Collections.reverse(steps);
    for (StepStatus step : steps) {
      if (!takeBack(recorded, step)) {
        return false;
      }
    }
    Phase before = (phase == Phase.EXPAND) ? null : Phase.values()[phase.ordinal() - 1];
    return runner.attempt(id, "undo", List.of(), List.of(), () -> finish(recorded, phase, before));
  }

  /**
   * Makes the retired columns visible, so that releases can start which write both sides. They are
   * brought up to date when nobody is left who writes the new side only.
   */
  private boolean bringBack(String id) {
    List<Step> steps =
        database.inTransaction(() -> journal.steps().pendingSteps(id, ApplicationSteps.BRING_BACK));
    if (steps.isEmpty()) {
      throw new IllegalStateException("what brings the columns back was not recorded: " + id);
    }
    return runner.run(
        id,
        steps.get(0),
        0,
        () -> {
          journal.steps().undone(id, ColumnChangeSteps.RETIRE);
          journal.steps().undone(id, ColumnChangeSteps.DROP_RETIRED);
          journal.broughtBack(id);
        });
  }

  /**
   * By the steps that were recorded with the contract; while they run the change stays contracted,
   * so that no release which needs the old side starts before it is whole.
   */
  private boolean contract(Recorded recorded) {
    String id = recorded.id();
    List<Step> steps =
        database.inTransaction(() -> journal.steps().pendingSteps(id, UndoContractSteps.PREFIX));
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      boolean rowsFollow = i + 1 < steps.size() && steps.get(i + 1) instanceof Step.Backfill;
      boolean givesBack = step.name().equals(ApplicationSteps.GIVE_BACK);
      Runnable record =
          () -> {
            if (rowsFollow) {
              // The rows are counted anew for the way back.
              new ProgressStore(database).forget(id);
            }
            if (givesBack) {
              journal.oldSide(id, OldSide.RETURNING);
            }
          };
      if (!runner.run(id, step, i, givesBack ? gate : () -> {}, record)) {
        return false;
      }
    }
    return runner.attempt(
        id,
        "undo",
        List.of(),
        List.of(),
        () -> {
          journal.steps().forgetPending(id, UndoContractSteps.PREFIX);
          journal.steps().undone(id, ColumnChangeSteps.RETIRE);
          journal.steps().undone(id, ColumnChangeSteps.DROP_RETIRED);
          journal.steps().undone(id, ApplicationSteps.RELEASE);
          journal.tookBack(id, Phase.SWITCH_READ, Phase.CONTRACT.ordinal());
        });
  }

  private void finish(Recorded recorded, Phase phase, @Nullable Phase before) {
    if (phase == Phase.BACKFILL) {
      new ProgressStore(database).forget(recorded.id());
    }
    journal.tookBack(recorded.id(), before, phase.ordinal());
  }

  private boolean takeBack(Recorded recorded, StepStatus step) {
    List<String> recordedUndo =
        database.inTransaction(() -> journal.steps().undo(recorded.id(), step.name()));
    String first = recordedUndo.isEmpty() ? "" : recordedUndo.get(0);
    boolean concurrently = recordedUndo.stream().anyMatch(IndexName::isConcurrentDrop);
    List<String> sql = (step.state() == StepStatus.State.DONE) ? recordedUndo : List.of();
    List<TableLock> locks =
        List.of(new TableLock(recorded.table(), TableLock.Mode.ACCESS_EXCLUSIVE));
    try {
      if (StepCodec.isPartitionedIndex(recordedUndo)) {
        return runner.restorePartitioned(
            recorded.id(), StepCodec.decode(step.name(), step.phase(), recordedUndo, List.of()));
      }
      if (PartitionedIndex.isDrop(first)) {
        return runner.dropPartitioned(
            recorded.id(), step.name(), recorded.table(), PartitionedIndex.dropped(first));
      }
      if (concurrently) {
        // Begun is enough: what cannot run in a transaction can be half done.
        return runner.outsideTransaction(recorded.id(), step.name(), recordedUndo);
      }
      return runner.attempt(
          recorded.id(),
          step.name(),
          locks,
          sql,
          () -> journal.steps().undone(recorded.id(), step.name()));
    } catch (DataAccessException | TransactionException ex) {
      throw failed(recorded, step, SqlState.describe(ex), ex);
    } catch (VerificationFailed ex) {
      throw failed(recorded, step, String.valueOf(ex.getMessage()), null);
    }
  }

  private StepFailedException failed(
      Recorded recorded, StepStatus step, String reason, @Nullable RuntimeException cause) {
    return runner.failed(
        recorded.id(), step.phase(), step.name(), "taking it back: " + reason, cause);
  }
}
