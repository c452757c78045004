package dev.migrator.internal.operation.column;

import dev.migrator.Phase;
import dev.migrator.internal.step.Step;
import java.util.ArrayList;
import java.util.List;

/** The steps of a change of columns. */
public final class ColumnChangeSteps {

  /** The step that takes the old side out of use. */
  public static final String RETIRE = "retire-columns";

  /** The step that waits for the retention time. */
  public static final String DROP_RETIRED = "drop-retired-columns";

  private ColumnChangeSteps() {}

  public static List<Step> of(Phase phase, ResolvedColumnChange change) {
    if (change.byApplication() && phase != Phase.EXPAND) {
      return ApplicationSteps.of(phase, change);
    }
    ColumnChangeSql sql = new ColumnChangeSql(change);
    return switch (phase) {
      case EXPAND ->
          List.of(
              new Step.Ddl(
                  "add-columns", phase, sql.lock(), sql.addColumns(), sql.undoAddColumns()));
      case DUAL_WRITE ->
          List.of(
              new Step.Ddl(
                  "keep-in-step", phase, sql.lock(), sql.installSync(), sql.undoInstallSync()));
      case BACKFILL -> {
        List<Step> steps = new ArrayList<>();
        steps.add(new Step.Backfill("backfill", phase, sql.ranges()));
        steps.addAll(DependentObjectSteps.of(phase, change));
        steps.add(new Step.Verify("verify", phase, sql.ranges(), sql.triggerNames(), true));
        yield steps;
      }
      case SWITCH_READ ->
          List.of(new Step.SwitchRead("switch-read", phase, sql.ranges(), sql.triggerNames()));
      case CONTRACT -> {
        List<Step> steps = new ArrayList<>(DependentObjectSteps.of(phase, change));
        if (steps.isEmpty()) {
          // The proof is as old as the backfill. What has bypassed the triggers since, or what a
          // transform could not carry, would be lost with the old side.
          steps.add(
              new Step.Verify("verify-again", phase, sql.ranges(), sql.triggerNames(), false));
          if (!change.isCopy()) {
            // A row that a transform fails on moves with every update, as other rows do, and could
            // slip from a range that is to be compared into one that was.
            steps.add(new Step.Proof("verify-at-once", phase, sql.ranges(), false));
          }
          // The names of what was carried are known only when it is there.
          steps.add(new Step.Ddl(RETIRE, phase, sql.retireLocks(), sql.retire(), List.of()));
          steps.add(new Step.Ddl(DROP_RETIRED, phase, sql.lock(), sql.dropRetired(), List.of()));
        }
        yield steps;
      }
    };
  }
}
