package dev.migrator.internal.step;

import dev.migrator.internal.sql.TableLock;
import dev.migrator.plan.LockMode;
import dev.migrator.plan.PlannedLock;
import dev.migrator.plan.Work;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Statements of one transaction.
 *
 * @param locks the locks they need, in the order in which they are taken
 * @param statements the statements
 * @param verified the object id of a table all of whose rows must be verified by then, also those
 *     of a partition that has just come; {@code null} if nothing is asked for
 * @param otherLocks whether the statements take locks beyond those, which nobody knows beforehand:
 *     each is waited for within the lock budget, and all of it is tried again if one is not granted
 */
public record TransactionStep(
    StepInfo info,
    List<TableLock> locks,
    List<String> statements,
    @Nullable Long verified,
    boolean otherLocks)
    implements Step {

  public TransactionStep {
    locks = List.copyOf(locks);
    statements = List.copyOf(statements);
  }

  public TransactionStep(StepInfo info, List<TableLock> locks, List<String> statements) {
    this(info, locks, statements, null);
  }

  public TransactionStep(
      StepInfo info, List<TableLock> locks, List<String> statements, @Nullable Long verified) {
    this(info, locks, statements, verified, false);
  }

  /** One of which nobody knows what it locks. */
  public static TransactionStep ofOtherLocks(StepInfo info, List<String> statements) {
    return new TransactionStep(info, List.of(), statements, null, true);
  }

  /** Whether another session can keep it from what it needs, so that it is to be tried again. */
  public boolean waitsForLocks() {
    return otherLocks || !locks.isEmpty();
  }

  /**
   * One that other statements undo.
   *
   * @param undoLocks the locks those need
   * @param undo those statements; none if there is nothing to undo
   */
  public static TransactionStep of(
      StepInfo info,
      List<TableLock> locks,
      List<String> statements,
      List<TableLock> undoLocks,
      List<String> undo) {
    StepInfo back = StepInfo.undoing(info.name(), info.phase());
    StepInfo whole =
        undo.isEmpty()
            ? info
            : info.undo(
                List.of(
                    new TransactionStep(
                        info.reshapes() ? back.reshaping() : back, undoLocks, undo)));
    return new TransactionStep(whole, locks, statements);
  }

  @Override
  public Work work() {
    return otherLocks ? Work.UNKNOWN : Work.NOTHING;
  }

  @Override
  public List<PlannedLock> locksOn(@Nullable String table) {
    return statements.isEmpty()
        ? List.of()
        : locks.stream()
            .map(it -> new PlannedLock(it.table(), LockMode.valueOf(it.mode().name())))
            .toList();
  }

  @Override
  public TransactionStep with(StepInfo other) {
    return new TransactionStep(other, locks, statements, verified, otherLocks);
  }
}
