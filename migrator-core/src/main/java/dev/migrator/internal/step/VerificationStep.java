package dev.migrator.internal.step;

import dev.migrator.internal.sql.RangeSql;
import dev.migrator.plan.LockMode;
import dev.migrator.plan.PlannedLock;
import dev.migrator.plan.Work;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Both sides compared, range by range. Worth something only while the triggers are there.
 *
 * @param ranges how
 * @param triggers the names of the triggers that must be active
 * @param repairs whether rows that differ are copied again; not where either side can be the one
 *     that was written last
 */
public record VerificationStep(
    StepInfo info, RangeSql ranges, List<String> triggers, boolean repairs) implements Step {

  public VerificationStep {
    triggers = List.copyOf(triggers);
  }

  @Override
  public List<String> statements() {
    return List.of(ranges.count(0, 1));
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
  public boolean isOneTransaction() {
    return false;
  }

  @Override
  public boolean isDoneInRanges() {
    return true;
  }

  @Override
  public VerificationStep with(StepInfo other) {
    return new VerificationStep(other, ranges, triggers, repairs);
  }
}
