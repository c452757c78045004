package dev.migrator.internal.step;

import dev.migrator.internal.catalog.PartitionedIndex;
import dev.migrator.plan.LockMode;
import dev.migrator.plan.PlannedLock;
import dev.migrator.plan.Work;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An index of a partitioned table, built partition by partition without blocking writes, and then
 * made a whole in one transaction, which records it; or all of it dropped, however far it has come.
 *
 * @param index the index
 * @param present whether it shall be there
 */
public record PartitionedIndexStep(StepInfo info, PartitionedIndex index, boolean present)
    implements Step {

  /** Builds an index; undone by dropping it. */
  public static PartitionedIndexStep build(StepInfo info, PartitionedIndex index) {
    StepInfo undo = StepInfo.undoing(info.name(), info.phase());
    return new PartitionedIndexStep(
        info.undo(List.of(new PartitionedIndexStep(undo, index, false))), index, true);
  }

  @Override
  public List<String> statements() {
    List<String> sql = new ArrayList<>();
    sql.add(present ? index.create() : index.drop());
    if (present) {
      sql.addAll(index.sayComment());
    }
    return sql;
  }

  @Override
  public Work work() {
    return present ? Work.BUILD : Work.NOTHING;
  }

  @Override
  public List<PlannedLock> locksOn(@Nullable String table) {
    return Step.lock(index.on(), present ? LockMode.SHARE : LockMode.ACCESS_EXCLUSIVE);
  }

  @Override
  public boolean isOneTransaction() {
    return false;
  }

  @Override
  public PartitionedIndexStep with(StepInfo other) {
    return new PartitionedIndexStep(other, index, present);
  }

  @Override
  public boolean canBeHalfDone() {
    return true;
  }
}
