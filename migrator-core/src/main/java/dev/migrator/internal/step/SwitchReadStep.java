package dev.migrator.internal.step;

import dev.migrator.internal.sql.RangeSql;
import dev.migrator.plan.PlannedLock;
import dev.migrator.plan.Work;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets reads use the new side, if it is verified and the triggers are there.
 *
 * @param ranges how rows are copied and compared that have come with a partition since
 * @param triggers the names of the triggers that must be active; none where the application writes
 *     both sides
 */
public record SwitchReadStep(StepInfo info, RangeSql ranges, List<String> triggers)
    implements Step {

  public SwitchReadStep {
    triggers = List.copyOf(triggers);
  }

  @Override
  public List<String> statements() {
    return List.of();
  }

  @Override
  public Work work() {
    return Work.NOTHING;
  }

  @Override
  public List<PlannedLock> locksOn(@Nullable String table) {
    return List.of();
  }

  @Override
  public SwitchReadStep with(StepInfo other) {
    return new SwitchReadStep(other, ranges, triggers);
  }
}
