package dev.migrator.internal.step;

import dev.migrator.plan.LockMode;
import dev.migrator.plan.PlannedLock;
import dev.migrator.plan.Work;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A scan under a lock that conflicts neither with reads nor with writes: one transaction that may
 * take its time.
 *
 * @param statements the statements
 */
public record ValidationStep(StepInfo info, List<String> statements) implements Step {

  public ValidationStep {
    statements = List.copyOf(statements);
  }

  @Override
  public Work work() {
    return Work.SCAN;
  }

  @Override
  public List<PlannedLock> locksOn(@Nullable String table) {
    return Step.lock(table, LockMode.SHARE_UPDATE_EXCLUSIVE);
  }

  @Override
  public ValidationStep with(StepInfo other) {
    return new ValidationStep(other, statements);
  }
}
