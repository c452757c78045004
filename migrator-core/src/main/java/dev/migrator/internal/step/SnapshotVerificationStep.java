package dev.migrator.internal.step;

import dev.migrator.internal.sql.RangeSql;
import dev.migrator.plan.LockMode;
import dev.migrator.plan.PlannedLock;
import dev.migrator.plan.Work;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Both sides compared over the whole table by one statement, so in one snapshot.
 *
 * @param ranges how
 * @param repairs whether rows that differ are copied, until there is none; not where either side
 *     can be the one that was written last
 */
public record SnapshotVerificationStep(StepInfo info, RangeSql ranges, boolean repairs)
    implements Step {

  @Override
  public List<String> statements() {
    return List.of(ranges.compareAll());
  }

  @Override
  public Work work() {
    return Work.SCAN;
  }

  @Override
  public List<PlannedLock> locksOn(@Nullable String table) {
    return Step.lock(ranges.from(), LockMode.ACCESS_SHARE);
  }

  @Override
  public SnapshotVerificationStep with(StepInfo other) {
    return new SnapshotVerificationStep(other, ranges, repairs);
  }
}
