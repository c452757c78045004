package dev.migrator.plan;

import dev.migrator.Phase;
import dev.migrator.status.Hold;
import java.util.List;

/**
 * A phase that is still to be reached.
 *
 * @param phase which one
 * @param holds what would hold it if it were next now, and what would release it; empty if its
 *     gates are open
 * @param steps what is left of it, in its order; none if reaching it takes no step
 */
public record PlannedPhase(Phase phase, List<Hold> holds, List<PlannedStep> steps) {

  /** Copies the lists. */
  public PlannedPhase {
    holds = List.copyOf(holds);
    steps = List.copyOf(steps);
  }
}
