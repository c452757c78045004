package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.error.ErrorCode;
import dev.migrator.internal.backfill.ProgressStore;
import dev.migrator.internal.catalog.PresentRelations;
import dev.migrator.internal.engine.step.Deadline;
import dev.migrator.internal.engine.step.StepRun;
import dev.migrator.internal.engine.step.StepRunner;
import dev.migrator.internal.engine.step.StopSignal;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.journal.StepRecord;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.plan.OldSide;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.step.ConcurrentIndexStep;
import dev.migrator.internal.step.Effect;
import dev.migrator.internal.step.Gate;
import dev.migrator.internal.step.SqlFileStep;
import dev.migrator.internal.step.SqlStatementStep;
import dev.migrator.internal.step.Step;
import dev.migrator.internal.step.TransactionStep;
import dev.migrator.status.StepStatus.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Undoes a phase, step by step in reverse, by the steps that were recorded when it was done: it
 * needs neither the declaration nor a guess. A step that is being undone stays so until all of its
 * undo is done, so what fails on the way is done again and never passed over.
 */
final class UndoExecutor {

  private static final Logger logger = LoggerFactory.getLogger(UndoExecutor.class);

  private static final Duration WITHDRAW_AGAIN = Duration.ofMillis(50);

  private final Database database;

  private final Lease lease;

  private final Journal journal;

  private final StepRunner runner;

  private final FleetGates gates;

  private final ForeignRecords foreign;

  private final StopSignal signal;

  private final Deadline deadline;

  UndoExecutor(
      Database database,
      Lease lease,
      Journal journal,
      StepRunner runner,
      FleetGates gates,
      ForeignRecords foreign,
      StopSignal signal,
      Deadline deadline) {
    this.database = database;
    this.lease = lease;
    this.journal = journal;
    this.runner = runner;
    this.gates = gates;
    this.foreign = foreign;
    this.signal = signal;
    this.deadline = deadline;
  }

  /** Returns whether all that may be done now is done; not if told to end or to yield. */
  boolean run(Recorded recorded, Phase phase) {
    String id = recorded.id();
    List<StepRecord> records = database.inTransaction(() -> journal.steps().records(id));
    boolean contracted = recorded.phase() == Phase.CONTRACT || recorded.oldSide() != OldSide.KEPT;
    if (!contracted && !withdraw(id)) {
      return false;
    }
    Map<String, StepRecord> byName =
        records.stream().collect(Collectors.toMap(StepRecord::name, Function.identity()));
    List<StepRecord> steps = new ArrayList<>(records);
    // Behind the contract, what was copied to the new column late stays there.
    steps.removeIf(
        it ->
            it.undoes() != null
                || it.step().phase() != phase
                || it.state() == State.UNDONE
                || (contracted && it.step().info().gate() == Gate.NONE));
    Collections.reverse(steps);
    for (StepRecord step : steps) {
      if (!undo(recorded, step, byName)) {
        return false;
      }
      if (step.step().undo().stream().anyMatch(it -> it.info().effect() == Effect.UNRETIRES)) {
        return true; // for what follows another gate counts
      }
    }
    boolean finished =
        database.inTransaction(
            () -> {
              lease.check();
              if (!journal.isUndoing(id)) {
                return false;
              }
              finish(recorded, phase);
              return true;
            });
    if (finished) {
      logger.info("{}: {} is undone", id, phase);
    }
    return finished;
  }

  private void finish(Recorded recorded, Phase phase) {
    String id = recorded.id();
    foreign.undone(recorded, phase);
    if (phase == Phase.BACKFILL) {
      new ProgressStore(database).forget(id);
    }
    journal.undone(id, phase, Recorded.before(phase));
  }

  private boolean undo(Recorded recorded, StepRecord record, Map<String, StepRecord> byName) {
    String id = recorded.id();
    Step undone = record.step();
    boolean changed =
        switch (record.state()) {
          case DONE, UNDOING -> true;
          case RUNNING, FAILED -> undone.canBeHalfDone();
          case PENDING, UNDONE -> false;
        };
    String withoutUndo = undone.info().withoutUndo();
    if (changed && withoutUndo != null) {
      // Done while the command was given: it must not be recorded as undone.
      throw runner.refused(
          id,
          undone,
          ErrorCode.STEP_WITHOUT_UNDO,
          "it is declared without an undo: " + withoutUndo);
    }
    if (changed && !undone.undo().isEmpty()) {
      runner.requireSealed(id, record);
    }
    List<Step> steps =
        changed ? undone.undo().stream().filter(it -> isLeft(it, byName)).toList() : List.of();
    // The operator can withdraw the command until a step is recorded as being undone, and not
    // after.
    boolean begun =
        database.inTransaction(
            () -> {
              lease.check();
              if (!journal.isUndoing(id)) {
                return false;
              }
              if (steps.isEmpty()) {
                journal.steps().undone(id, undone.name());
              } else {
                journal.steps().undoing(id, undone.name());
              }
              return true;
            });
    if (!begun) {
      return false;
    }
    for (int i = 0; i < steps.size(); i++) {
      boolean last = i == steps.size() - 1;
      StepRun run =
          new StepRun(
              id,
              undone.name(),
              null,
              null,
              gates.ofUndo(id, steps.get(i)),
              last ? () -> journal.steps().undone(id, undone.name()) : () -> {});
      if (needsTable(steps.get(i)) && isGone(recorded)) {
        pass(run);
      } else if (!runner.run(run, steps.get(i), i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * A transaction can be about other objects as well, and passes over those that are gone. An index
   * is dropped by its own name, which it keeps where its table has got another one.
   */
  private static boolean needsTable(Step step) {
    boolean dropsIndex = step instanceof ConcurrentIndexStep index && !index.present();
    return !(dropsIndex
        || step instanceof TransactionStep
        || step instanceof SqlFileStep
        || step instanceof SqlStatementStep);
  }

  /**
   * Whether somebody has dropped the only table: its rows, indexes and constraints went with it.
   * Asked before each step, as an earlier one may have given a retired table its name back.
   */
  private boolean isGone(Recorded recorded) {
    return recorded.operations().size() == 1
        && PresentRelations.of(database, List.of(recorded.table())).isEmpty();
  }

  private void pass(StepRun run) {
    database.inTransaction(
        () -> {
          lease.check();
          run.gate().run();
          run.finish().run();
        });
  }

  private static boolean isLeft(Step step, Map<String, StepRecord> byName) {
    StepRecord record = byName.get(step.name());
    return record == null || record.state() != State.DONE;
  }

  /**
   * Takes the work on rows away from all workers, who stop at the end of the range at hand because
   * of the operator's command, and waits for them.
   *
   * @return whether nobody is at it any longer; not if told to end
   */
  private boolean withdraw(String id) {
    while (!signal.isRequested() && !deadline.isOver()) {
      long left =
          database.inTransaction(
              () -> {
                lease.check();
                return new ProgressStore(database).withdraw(id);
              });
      if (left == 0) {
        return true;
      }
      signal.pause(WITHDRAW_AGAIN);
    }
    return false;
  }
}
