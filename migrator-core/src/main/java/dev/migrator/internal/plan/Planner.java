package dev.migrator.internal.plan;

import dev.migrator.Phase;
import dev.migrator.settings.ContractSettings;
import dev.migrator.status.Hold;
import dev.migrator.status.Hold.Reason;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides what is to be done with one change. */
public final class Planner {

  private Planner() {}

  /**
   * Decides.
   *
   * @param declaration what this release declares; {@code null} if only the journal knows the
   *     change
   * @param recorded what the journal knows
   * @param blockedBy the id of an unfinished change that has a column in common and comes first
   * @param fleet the instances that run; needed only where {@link #dependsOnFleet} says so
   * @param contract when the old side goes
   * @param now the database's clock
   */
  public static Decision decide(
      @Nullable Declaration declaration,
      Recorded recorded,
      @Nullable String blockedBy,
      Fleet fleet,
      ContractSettings contract,
      Instant now) {
    if (recorded.failure() != null) {
      return hold(
          Reason.STEP_FAILED,
          recorded.failure(),
          "remove the cause, then give the command RETRY or start an instance");
    }
    Phase begun = recorded.begun();
    if (recorded.undoing() && begun != null) {
      if (isToBeRestored(recorded)) {
        List<Hold> holds = ApplicationGate.restore(recorded.id(), fleet);
        return holds.isEmpty() ? new Decision.Undo(begun) : new Decision.Wait(holds, null);
      }
      Refusal refusal = UndoGate.refusal(recorded.id(), begun, fleet);
      return (refusal == null)
          ? new Decision.Undo(begun)
          : hold(
              Reason.READS_NEW_SIDE, refusal.reason(), "it goes on by itself when they have gone");
    }
    if (recorded.paused()) {
      return hold(Reason.PAUSED, "an operator paused this change", "give the command RESUME");
    }
    if (recorded.undone()) {
      return hold(
          Reason.UNDONE,
          "an operator undid this change to " + name(recorded.phase()),
          "give the command RESUME to go on from there, or UNDO to undo more");
    }
    if (recorded.phase() == Phase.CONTRACT) {
      return afterContract(recorded, now);
    }
    Phase next = recorded.next();
    if (declaration == null || next == null || !declaration.declares().includes(next)) {
      return new Decision.Reached();
    }
    if (blockedBy != null) {
      return hold(
          Reason.OTHER_MIGRATION,
          "the unfinished migration \"%s\" comes first: it has a column in common with this one, or its place in the order is before it"
              .formatted(blockedBy),
          "finish that one first: deploy the release that declares it, or undo it by UNDO");
    }
    if (waitsForWriters(declaration, recorded)) {
      List<Hold> holds = ApplicationGate.backfill(recorded.id(), fleet);
      if (!holds.isEmpty()) {
        return new Decision.Wait(holds, null);
      }
    }
    if (next == Phase.CONTRACT && isToBeReleased(declaration, recorded)) {
      List<Hold> holds = ApplicationGate.release(recorded.id(), fleet);
      return holds.isEmpty() ? new Decision.ReleaseOld() : new Decision.Wait(holds, null);
    }
    if (next == Phase.CONTRACT) {
      Decision held = ContractGate.check(declaration, recorded, fleet, contract, now);
      if (held != null) {
        return held;
      }
    }
    return new Decision.Advance(next);
  }

  /**
   * Whether BACKFILL may begin only when everybody writes both sides. Once it has begun, nobody
   * starts who does not.
   */
  public static boolean waitsForWriters(Declaration declaration, Recorded recorded) {
    return declaration.byApplication()
        && declaration.declares().includes(Phase.BACKFILL)
        && recorded.next() == Phase.BACKFILL
        && recorded.begun() != Phase.BACKFILL;
  }

  private static boolean isToBeReleased(Declaration declaration, Recorded recorded) {
    return declaration.writesNewSideOnly() && recorded.oldSide() != OldSide.RELEASED;
  }

  private static boolean isToBeRestored(Recorded recorded) {
    return recorded.oldSide() == OldSide.RELEASED && recorded.phase() != Phase.CONTRACT;
  }

  /** Whether a decision about a change can depend on who runs. */
  public static boolean dependsOnFleet(@Nullable Declaration declaration, Recorded recorded) {
    return recorded.undoing()
        || (declaration != null && waitsForWriters(declaration, recorded))
        || (declaration != null
            && recorded.next() == Phase.CONTRACT
            && declaration.declares() == Phase.CONTRACT);
  }

  private static Decision afterContract(Recorded recorded, Instant now) {
    Instant due = recorded.dropDue();
    if (recorded.completed() || due == null) {
      return new Decision.Reached();
    }
    if (now.isBefore(due)) {
      String kept =
          recorded.retiresTable()
              ? "the retired table is kept until "
              : recorded.retiresColumns()
                  ? "the retired columns are kept until "
                  : "it can be undone until ";
      Hold hold = new Hold(Reason.RETENTION, kept + due, "wait, or give the command UNDO");
      return new Decision.Wait(List.of(hold), due);
    }
    return new Decision.DropRetired();
  }

  private static Decision hold(Reason reason, String message, String remedy) {
    return new Decision.Wait(List.of(new Hold(reason, message, remedy)), null);
  }

  private static String name(@Nullable Phase phase) {
    return (phase == null) ? "its beginning" : phase.name();
  }
}
