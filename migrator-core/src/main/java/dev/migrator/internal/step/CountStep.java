package dev.migrator.internal.step;

import dev.migrator.internal.sql.ViolatingRows;
import dev.migrator.plan.LockMode;
import dev.migrator.plan.PlannedLock;
import dev.migrator.plan.Work;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows that would violate what is to be added, looked for before anything is changed. Fails if
 * there are any.
 *
 * @param rows how to count them and what to say of them
 */
public record CountStep(StepInfo info, ViolatingRows rows) implements Step {

  @Override
  public List<String> statements() {
    return List.of(rows.count());
  }

  @Override
  public Work work() {
    return Work.SCAN;
  }

  @Override
  public List<PlannedLock> locksOn(@Nullable String table) {
    return Step.lock(table, LockMode.ACCESS_SHARE);
  }

  @Override
  public CountStep with(StepInfo other) {
    return new CountStep(other, rows);
  }
}
