package dev.migrator.internal.plan;

import dev.migrator.internal.step.Gate;
import dev.migrator.internal.step.Step;
import dev.migrator.plan.PlannedStep;
import dev.migrator.plan.TableVolume;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows a step as people see it. Pure. */
public final class StepOutline {

  private final Estimator estimator;

  public StepOutline(Estimator estimator) {
    this.estimator = estimator;
  }

  /**
   * Shows it.
   *
   * @param statements what it executes
   * @param table the table that it works on, quoted; {@code null} if none is known
   * @param volume the size of that
   */
  public PlannedStep of(
      Step step, List<String> statements, @Nullable String table, @Nullable TableVolume volume) {
    return new PlannedStep(
        step.name(),
        statements,
        step.isDoneInRanges(),
        step.isOneTransaction(),
        step.locksOn(table),
        step.otherLocks(),
        step.work(),
        volume,
        estimator.of(step, volume),
        step.info().gate() == Gate.RETENTION,
        step.undo().stream().map(it -> of(it, it.statements(), table, volume)).toList(),
        step.info().withoutUndo());
  }
}
