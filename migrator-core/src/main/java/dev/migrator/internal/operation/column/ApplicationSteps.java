package dev.migrator.internal.operation.column;

import dev.migrator.Phase;
import dev.migrator.internal.sql.RangeSql;
import dev.migrator.internal.step.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * The steps of a change that the application itself keeps in step.
 *
 * <p>Without triggers an update of another column moves a row that is not brought over yet, perhaps
 * from a block that is still to come into one that is done. So going over the blocks is not a proof
 * here; {@link Step.Proof} is. And no constraint comes before it: a row that is still empty on the
 * new side would make the application's own updates fail on it.
 */
public final class ApplicationSteps {

  /** The step behind which a release may serve that writes the new side only. */
  public static final String RELEASE = "release-old-columns";

  /** The step of an undo that makes a retired column visible again. */
  public static final String BRING_BACK = UndoContractSteps.PREFIX + "bring-back-columns";

  /** The step of an undo behind which every release has to write the old side again. */
  public static final String GIVE_BACK = UndoContractSteps.PREFIX + "give-back-columns";

  private ApplicationSteps() {}

  static List<Step> of(Phase phase, ResolvedColumnChange change) {
    ColumnChangeSql sql = new ColumnChangeSql(change);
    RangeSql ranges = sql.ranges();
    return switch (phase) {
      case EXPAND -> throw new IllegalArgumentException("the same as with triggers");
      case DUAL_WRITE ->
          List.of(
              new Step.Ddl(
                  "carry-default", phase, sql.lock(), sql.setDefaults(), sql.undoSetDefaults()));
      case BACKFILL -> {
        List<Step> steps = new ArrayList<>();
        steps.add(new Step.AwaitWriters("await-writers", phase, ranges));
        steps.add(new Step.Backfill("backfill", phase, ranges));
        steps.add(new Step.Proof("verify", phase, ranges, true));
        steps.addAll(DependentObjectSteps.of(phase, change));
        yield steps;
      }
      case SWITCH_READ -> List.of(new Step.SwitchRead("switch-read", phase, ranges, List.of()));
      case CONTRACT -> {
        List<Step> steps = new ArrayList<>(DependentObjectSteps.of(phase, change));
        if (steps.isEmpty()) {
          // The last moment in which both sides are the same: from the release on they part.
          steps.add(new Step.Proof("verify-again", phase, ranges, false));
          steps.add(new Step.Ddl(RELEASE, phase, sql.retireLocks(), sql.releaseOld(), List.of()));
          steps.add(
              new Step.Ddl(
                  ColumnChangeSteps.RETIRE, phase, sql.retireLocks(), sql.retire(), List.of()));
          steps.add(
              new Step.Ddl(
                  ColumnChangeSteps.DROP_RETIRED, phase, sql.lock(), sql.dropRetired(), List.of()));
        }
        yield steps;
      }
    };
  }

  /** Those that are left when the old side is released. */
  public static List<Step> behindRelease(List<Step> steps) {
    boolean released = steps.stream().anyMatch(it -> it.name().equals(RELEASE));
    return released ? steps.subList(steps.size() - 2, steps.size()) : steps;
  }

  /** What of {@link #back} can be worked out only while the old side has everything. */
  public static List<Step> recordedAtRelease(List<Step> back) {
    return back.stream().filter(it -> !it.name().equals(BRING_BACK)).toList();
  }

  public static List<Step> recordedAtRetirement(List<Step> back) {
    return back.stream().filter(it -> it.name().equals(BRING_BACK)).toList();
  }

  /**
   * The way back. {@link #BRING_BACK} is for a contract alone; the others follow when nobody is
   * left who writes the new side only.
   */
  static List<Step> back(ResolvedColumnChange change) {
    ColumnChangeSql sql = new ColumnChangeSql(change);
    RangeSql ranges = sql.rangesAfterContract();
    Phase phase = Phase.CONTRACT;
    String prefix = UndoContractSteps.PREFIX;
    List<Step> steps = new ArrayList<>();
    steps.add(new Step.Ddl(BRING_BACK, phase, sql.lock(), sql.bringBack(), List.of()));
    steps.add(new Step.Ddl(GIVE_BACK, phase, sql.lock(), sql.giveBack(), List.of()));
    steps.add(new Step.AwaitWriters(prefix + "await-writers", phase, ranges));
    steps.add(new Step.Backfill(prefix + "backfill", phase, ranges));
    steps.add(new Step.Proof(prefix + "verify", phase, ranges, true));
    DependentObjectSql carry = new DependentObjectSql(change);
    for (DependentObjectSql.Made made : carry.again()) {
      steps.addAll(DependentObjectSteps.making(prefix, phase, carry, made));
    }
    steps.addAll(UndoContractSteps.notNull(change));
    return steps;
  }
}
