package dev.migrator.internal.step;

import dev.migrator.internal.sql.IndexName;
import dev.migrator.plan.LockMode;
import dev.migrator.plan.PlannedLock;
import dev.migrator.plan.Work;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An index built or dropped without blocking writes, which cannot be done in a transaction: the
 * catalog says afterwards whether it happened.
 *
 * @param index the index
 * @param present whether it shall be there
 * @param create the statement that builds it; {@code null} if it is only dropped
 * @param afterwards statements for the transaction that finishes it, such as its comment
 */
public record ConcurrentIndexStep(
    StepInfo info,
    IndexName index,
    boolean present,
    @Nullable String create,
    List<String> afterwards)
    implements Step {

  public ConcurrentIndexStep {
    afterwards = List.copyOf(afterwards);
  }

  /** Builds an index; undone by dropping it. */
  public static ConcurrentIndexStep build(StepInfo info, IndexName index, String create) {
    StepInfo undo = StepInfo.undoing(info.name(), info.phase());
    return new ConcurrentIndexStep(
        info.undo(List.of(drop(undo, index))), index, true, create, List.of());
  }

  /** Drops an index. */
  public static ConcurrentIndexStep drop(StepInfo info, IndexName index) {
    return new ConcurrentIndexStep(info, index, false, null, List.of());
  }

  @Override
  public List<String> statements() {
    List<String> sql = new ArrayList<>();
    sql.add((present && create != null) ? create : index.drop());
    sql.addAll(afterwards);
    return sql;
  }

  /**
   * The same without {@code CONCURRENTLY}, for a transaction beside which nobody writes the table.
   */
  public List<String> inTransaction() {
    List<String> sql = new ArrayList<>();
    sql.add((present && create != null) ? IndexName.blocking(create) : index.dropInTransaction());
    sql.addAll(afterwards);
    return sql;
  }

  @Override
  public Work work() {
    return present ? Work.BUILD : Work.NOTHING;
  }

  @Override
  public List<PlannedLock> locksOn(@Nullable String table) {
    return Step.lock(table, LockMode.SHARE_UPDATE_EXCLUSIVE);
  }

  @Override
  public boolean isOneTransaction() {
    return false;
  }

  @Override
  public ConcurrentIndexStep with(StepInfo other) {
    return new ConcurrentIndexStep(other, index, present, create, afterwards);
  }

  @Override
  public boolean canBeHalfDone() {
    return true;
  }
}
