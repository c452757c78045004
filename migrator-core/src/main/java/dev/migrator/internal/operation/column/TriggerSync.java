package dev.migrator.internal.operation.column;

import static dev.migrator.internal.operation.column.SyncStrategy.transaction;

import dev.migrator.Phase;
import dev.migrator.internal.sql.RangeSql;
import dev.migrator.internal.step.BackfillStep;
import dev.migrator.internal.step.Effect;
import dev.migrator.internal.step.Gate;
import dev.migrator.internal.step.PhaseSteps;
import dev.migrator.internal.step.SnapshotVerificationStep;
import dev.migrator.internal.step.Step;
import dev.migrator.internal.step.StepInfo;
import dev.migrator.internal.step.SwitchReadStep;
import dev.migrator.internal.step.TransactionStep;
import dev.migrator.internal.step.VerificationStep;
import java.util.ArrayList;
import java.util.List;

/** Triggers in the database keep both sides in step, whichever side a release writes. */
final class TriggerSync implements SyncStrategy {

  private final ResolvedColumnChange change;

  private final ColumnChangeSql sql;

  TriggerSync(ResolvedColumnChange change) {
    this.change = change;
    this.sql = new ColumnChangeSql(change);
  }

  @Override
  public PhaseSteps steps(Phase phase) {
    return switch (phase) {
      case EXPAND -> PhaseSteps.NONE;
      case DUAL_WRITE ->
          PhaseSteps.of(
              TransactionStep.of(
                  StepInfo.of(MadeAnew.KEEP_IN_STEP, phase).madeFrom(MadeAnew.madeFrom(change)),
                  sql.lock(),
                  sql.installSync(),
                  sql.lock(),
                  sql.undoInstallSync()));
      case BACKFILL -> {
        List<Step> steps = new ArrayList<>();
        steps.add(new BackfillStep(StepInfo.of("backfill", phase), sql.ranges()));
        steps.addAll(DependentObjectSteps.of(phase, change));
        steps.add(
            new VerificationStep(
                StepInfo.of("verify", phase), sql.ranges(), sql.triggerNames(), true));
        yield PhaseSteps.of(steps);
      }
      case SWITCH_READ -> {
        List<Step> steps = new ArrayList<>(DependentObjectSteps.of(phase, change));
        steps.add(
            new SwitchReadStep(
                StepInfo.of("switch-read", phase), sql.ranges(), sql.triggerNames()));
        yield PhaseSteps.of(steps);
      }
      case CONTRACT -> contract();
    };
  }

  private PhaseSteps contract() {
    List<Step> late = DependentObjectSteps.of(Phase.CONTRACT, change);
    if (!late.isEmpty()) {
      // The names of what is made are known only when it is there.
      return PhaseSteps.incomplete(late);
    }
    List<Step> steps = new ArrayList<>();
    // The verification is as old as the backfill. What has bypassed the triggers since, or what a
    // transform could not copy, would be lost with the old side.
    steps.add(
        new VerificationStep(
            StepInfo.of("verify-again", Phase.CONTRACT).repeating(),
            sql.ranges(),
            sql.triggerNames(),
            false));
    if (!change.isCopy() || change.foreignTriggers()) {
      // A row that a transform fails on moves with every update, as other rows do, and could slip
      // from a range that is to be compared into one that was. So does one that another trigger
      // changed before ours were told to look at every update.
      steps.add(
          new SnapshotVerificationStep(
              StepInfo.of("verify-at-once", Phase.CONTRACT).repeating(), sql.ranges(), false));
    }
    steps.add(
        new TransactionStep(
            StepInfo.of("retire-columns", Phase.CONTRACT)
                .gate(Gate.CONTRACT)
                .reshaping()
                .undo(restoring()),
            sql.retireLocks(),
            sql.retire(),
            change.table().oid()));
    steps.add(ColumnChangeSteps.dropRetired(sql));
    return PhaseSteps.of(steps);
  }

  /**
   * What undoes the contract, worked out in its moment, while the catalog still has everything.
   * First the columns are there again and kept in step, then the old side is computed for the rows
   * that changed since, then its indexes and constraints are made again, and at last both sides are
   * verified.
   */
  private List<Step> restoring() {
    Phase phase = Phase.CONTRACT;
    RangeSql ranges = sql.rangesAfterContract();
    List<Step> steps = new ArrayList<>();
    steps.add(
        transaction(
            StepInfo.undoing("restore-columns", phase).effect(Effect.RESTARTS_BACKFILL).reshaping(),
            sql.lock(),
            sql.restore()));
    steps.add(new BackfillStep(StepInfo.undoing("backfill", phase), ranges));
    steps.addAll(DependentObjectSteps.again(change));
    steps.add(
        new VerificationStep(
            StepInfo.undoing("verify", phase), ranges, sql.triggerNamesAfterContract(), true));
    if (!change.isCopy()) {
      steps.add(
          new SnapshotVerificationStep(StepInfo.undoing("verify-at-once", phase), ranges, true));
    }
    steps.add(transaction(StepInfo.undoing("finish", phase), sql.lock(), sql.dropCatchUp()));
    return steps;
  }
}
