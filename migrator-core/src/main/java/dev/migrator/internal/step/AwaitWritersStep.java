package dev.migrator.internal.step;

import dev.migrator.plan.PlannedLock;
import dev.migrator.plan.Work;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Waits for those transactions that have written to a table when it begins. It blocks nobody, and
 * does not wait for who writes later.
 *
 * @param table the object id of the table
 */
public record AwaitWritersStep(StepInfo info, long table) implements Step {

  @Override
  public List<String> statements() {
    return List.of();
  }

  @Override
  public Work work() {
    return Work.NOTHING;
  }

  @Override
  public List<PlannedLock> locksOn(@Nullable String any) {
    return List.of();
  }

  @Override
  public AwaitWritersStep with(StepInfo other) {
    return new AwaitWritersStep(other, table);
  }
}
