package dev.migrator.internal.step;

import dev.migrator.internal.sql.RangeSql;
import dev.migrator.plan.LockMode;
import dev.migrator.plan.PlannedLock;
import dev.migrator.plan.Work;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows copied to the other side, range by range.
 *
 * @param ranges how
 */
public record BackfillStep(StepInfo info, RangeSql ranges) implements Step {

  @Override
  public List<String> statements() {
    return List.of(ranges.update(0, 1));
  }

  @Override
  public Work work() {
    return Work.COPY;
  }

  @Override
  public List<PlannedLock> locksOn(@Nullable String table) {
    return Step.lock(ranges.from(), LockMode.ROW_EXCLUSIVE);
  }

  @Override
  public boolean isOneTransaction() {
    return false;
  }

  @Override
  public boolean isDoneInRanges() {
    return true;
  }

  @Override
  public BackfillStep with(StepInfo other) {
    return new BackfillStep(other, ranges);
  }
}
