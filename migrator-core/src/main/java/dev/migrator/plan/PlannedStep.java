package dev.migrator.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A step that is still to run.
 *
 * @param name what it does, unique within its migration
 * @param statements the SQL that it executes, in its order, beside its own bookkeeping; none if it
 *     only looks or waits
 * @param perRange whether that is repeated for range after range of the table; the first is shown
 * @param transactional whether its statements are one transaction
 * @param locks the locks it takes on tables of the user's, in their order
 * @param otherLocks whether it takes further ones, which nobody knows before it runs
 * @param work what it does while it has them
 * @param volume the size of the table; {@code null} if the table is not there yet, or not known
 * @param estimate how long it takes; {@code null} if nobody can say
 * @param afterRetention whether it waits until what was retired has been kept long enough
 * @param undo the steps that undo it, in their order
 * @param withoutUndo why it cannot be undone; {@code null} if it can, or changes nothing
 */
public record PlannedStep(
    String name,
    List<String> statements,
    boolean perRange,
    boolean transactional,
    List<PlannedLock> locks,
    boolean otherLocks,
    Work work,
    @Nullable TableVolume volume,
    @Nullable Estimate estimate,
    boolean afterRetention,
    List<PlannedStep> undo,
    @Nullable String withoutUndo) {

  /** Copies the lists. */
  public PlannedStep {
    statements = List.copyOf(statements);
    locks = List.copyOf(locks);
    undo = List.copyOf(undo);
  }

  /**
   * Returns whether it changes nothing, and only looks whether the next steps may come.
   *
   * @return whether no lock of it is stronger than that of a query
   */
  public boolean onlyReads() {
    return work == Work.SCAN && locks.stream().allMatch(it -> it.mode() == LockMode.ACCESS_SHARE);
  }
}
