package dev.migrator.internal.operation.column;

import static dev.migrator.internal.operation.column.SyncStrategy.transaction;

import dev.migrator.Phase;
import dev.migrator.internal.sql.RangeSql;
import dev.migrator.internal.step.AwaitWritersStep;
import dev.migrator.internal.step.BackfillStep;
import dev.migrator.internal.step.Effect;
import dev.migrator.internal.step.Gate;
import dev.migrator.internal.step.PhaseSteps;
import dev.migrator.internal.step.SnapshotVerificationStep;
import dev.migrator.internal.step.Step;
import dev.migrator.internal.step.StepInfo;
import dev.migrator.internal.step.SwitchReadStep;
import dev.migrator.internal.step.TransactionStep;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The releases themselves keep both sides in step.
 *
 * <p>Without triggers an update of another column moves a row that is not copied yet, perhaps from
 * a block that is still to come into one that is done. So going over the blocks verifies nothing
 * here; a comparison in one snapshot does. And no constraint comes before it: a row that is still
 * empty on the new side would make the application's own updates fail on it.
 */
final class ApplicationSync implements SyncStrategy {

  private final ResolvedColumnChange change;

  private final ColumnChangeSql sql;

  ApplicationSync(ResolvedColumnChange change) {
    this.change = change;
    this.sql = new ColumnChangeSql(change);
  }

  @Override
  public PhaseSteps steps(Phase phase) {
    RangeSql ranges = sql.ranges();
    return switch (phase) {
      case EXPAND -> PhaseSteps.NONE;
      case DUAL_WRITE ->
          PhaseSteps.of(
              TransactionStep.of(
                  StepInfo.of(MadeAnew.COPY_DEFAULT, phase).madeFrom(MadeAnew.madeFrom(change)),
                  sql.lock(),
                  Stream.concat(sql.setDefaults().stream(), sql.describe().stream()).toList(),
                  sql.lock(),
                  sql.undoSetDefaults()));
      case BACKFILL -> {
        List<Step> steps = new ArrayList<>();
        steps.add(new AwaitWritersStep(StepInfo.of("await-writers", phase), ranges.table()));
        steps.add(new BackfillStep(StepInfo.of("backfill", phase), ranges));
        steps.add(new SnapshotVerificationStep(StepInfo.of("verify", phase), ranges, true));
        steps.addAll(DependentObjectSteps.of(phase, change));
        yield PhaseSteps.of(steps);
      }
      case SWITCH_READ -> {
        List<Step> steps = new ArrayList<>(DependentObjectSteps.of(phase, change));
        steps.add(new SwitchReadStep(StepInfo.of("switch-read", phase), ranges, List.of()));
        yield PhaseSteps.of(steps);
      }
      case CONTRACT -> contract(ranges);
    };
  }

  private PhaseSteps contract(RangeSql ranges) {
    List<Step> late = DependentObjectSteps.of(Phase.CONTRACT, change);
    if (!late.isEmpty()) {
      return PhaseSteps.incomplete(late);
    }
    Phase phase = Phase.CONTRACT;
    List<Step> steps = new ArrayList<>();
    // The last moment in which both sides are the same: from the release on they part.
    steps.add(
        new SnapshotVerificationStep(
            StepInfo.of("verify-again", phase).repeating(), ranges, false));
    steps.add(
        transaction(
            StepInfo.of("release-old-columns", phase)
                .gate(Gate.RELEASE)
                .effect(Effect.RELEASES_OLD_SIDE)
                .undo(restoring()),
            sql.retireLocks(),
            sql.releaseOld()));
    steps.add(
        transaction(
            StepInfo.of("retire-columns", phase)
                .gate(Gate.CONTRACT)
                .reshaping()
                .undo(
                    List.of(
                        transaction(
                            StepInfo.undoing("show-columns", phase)
                                .effect(Effect.UNRETIRES)
                                .reshaping(),
                            sql.lock(),
                            sql.bringBack()))),
            sql.retireLocks(),
            sql.retire()));
    steps.add(ColumnChangeSteps.dropRetired(sql));
    return PhaseSteps.of(steps);
  }

  /**
   * What undoes the release of the old side, when nobody is left who writes the new side only. It
   * is worked out while the old side still has everything.
   */
  private List<Step> restoring() {
    RangeSql ranges = sql.rangesAfterContract();
    Phase phase = Phase.CONTRACT;
    List<Step> steps = new ArrayList<>();
    steps.add(
        transaction(
            StepInfo.undoing("restore-columns", phase)
                .gate(Gate.RESTORE)
                .effect(Effect.RESTORES_OLD_SIDE),
            sql.lock(),
            sql.giveBack()));
    steps.add(
        new AwaitWritersStep(
            StepInfo.undoing("await-writers", phase).effect(Effect.RESTARTS_BACKFILL),
            ranges.table()));
    steps.add(new BackfillStep(StepInfo.undoing("backfill", phase), ranges));
    steps.add(new SnapshotVerificationStep(StepInfo.undoing("verify", phase), ranges, true));
    steps.addAll(DependentObjectSteps.again(change));
    return steps;
  }
}
