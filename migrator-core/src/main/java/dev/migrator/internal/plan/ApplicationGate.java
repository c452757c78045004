package dev.migrator.internal.plan;

import dev.migrator.Phase;
import dev.migrator.status.Hold;
import dev.migrator.status.Hold.Reason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What holds a change that the application itself keeps in step: no trigger makes up for a side
 * that a release does not write, so the fleet alone decides. Asked by the planner, and again inside
 * of the transaction that records the next state, in which nobody can register. From then on the
 * record keeps those out for whom it is not meant.
 */
public final class ApplicationGate {

  private ApplicationGate() {}

  /**
   * The least that a release has to declare to start now; {@code null} if any may, as far as writes
   * go.
   */
  public static @Nullable Phase least(Recorded recorded) {
    if (recorded.oldSide() != OldSide.KEPT) {
      return Phase.SWITCH_READ;
    }
    Phase begun = recorded.begun();
    return (begun != null && begun.includes(Phase.BACKFILL)) ? Phase.DUAL_WRITE : null;
  }

  /** What holds BACKFILL: who writes the old side only leaves rows behind. */
  public static List<Hold> backfill(String migration, Fleet fleet) {
    List<Hold> holds = new ArrayList<>();
    ContractGate.add(
        holds,
        Reason.OLD_INSTANCES,
        fleet,
        it -> !it.writesNew(migration),
        "running instances are of a release that does not write both sides (byApplication()), so what they write would be missing on the new one: ",
        "put instances in their place of a release that writes both and still reads the old one, whose chain ends at backfill() or switchRead(atRuntime()); it follows by itself when the last of them has gone");
    return holds;
  }

  /** What holds the first release that writes the new side only. */
  public static List<Hold> release(String migration, Fleet fleet) {
    List<Hold> holds = new ArrayList<>();
    ContractGate.add(
        holds,
        Reason.OLD_INSTANCES,
        fleet,
        it -> !it.declaresAtLeast(migration, Phase.SWITCH_READ),
        "running instances read the old side, which a release that declares dropColumn does not write (byApplication()): ",
        "put instances in their place of a release that writes both sides and reads the new one, whose chain ends at switchRead(); it follows by itself when the last of them has gone");
    ContractGate.add(
        holds,
        Reason.READS_OLD_SIDE,
        fleet,
        it -> it.declaresAtLeast(migration, Phase.SWITCH_READ) && it.mayReadOld(migration),
        "running instances have not turned their reads to the new side yet: ",
        "they do so by themselves; one that does not must be stopped");
    return holds;
  }

  /** What holds the return of the old side: who writes the new one only leaves it behind. */
  public static List<Hold> restore(String migration, Fleet fleet) {
    List<Hold> holds = new ArrayList<>();
    ContractGate.add(
        holds,
        Reason.WRITES_NEW_SIDE,
        fleet,
        it -> it.declaresAtLeast(migration, Phase.CONTRACT) && !it.waits(migration),
        "running instances write the new side only, so the old one cannot be brought up to date: ",
        "roll back to a release that writes both sides, whose chain ends at switchRead(), and which can start already; it goes on by itself when the last of them has gone");
    return holds;
  }
}
