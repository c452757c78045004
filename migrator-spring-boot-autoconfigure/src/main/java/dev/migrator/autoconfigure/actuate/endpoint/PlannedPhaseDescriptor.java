package dev.migrator.autoconfigure.actuate.endpoint;

import dev.migrator.Phase;
import dev.migrator.autoconfigure.actuate.endpoint.MigrationDescriptor.HoldDescriptor;
import dev.migrator.plan.LockMode;
import dev.migrator.plan.PlannedPhase;
import java.util.List;

/**
 * A phase that is still to be reached.
 *
 * @param phase which one
 * @param holds what would hold it now; empty if nothing does
 * @param steps its steps, as far as they are left
 */
public record PlannedPhaseDescriptor(
    Phase phase, List<HoldDescriptor> holds, List<PlannedStepDescriptor> steps) {

  static PlannedPhaseDescriptor of(PlannedPhase phase) {
    return new PlannedPhaseDescriptor(
        phase.phase(),
        phase.holds().stream().map(HoldDescriptor::of).toList(),
        phase.steps().stream().map(PlannedStepDescriptor::of).toList());
  }

  /**
   * A lock that a step takes.
   *
   * @param table the table, quoted
   * @param mode its mode
   */
  public record LockDescriptor(String table, LockMode mode) {}
}
