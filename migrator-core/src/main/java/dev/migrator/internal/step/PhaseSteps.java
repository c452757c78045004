package dev.migrator.internal.step;

import java.util.List;

/**
 * The steps of one phase.
 *
 * @param steps the steps, in their order
 * @param complete whether the phase is reached when they are done; if not, the catalog is asked
 *     again then
 */
public record PhaseSteps(List<Step> steps, boolean complete) {

  /** Of a phase in which nothing is to be done. */
  public static final PhaseSteps NONE = new PhaseSteps(List.of(), true);

  public PhaseSteps {
    steps = List.copyOf(steps);
  }

  public static PhaseSteps of(List<? extends Step> steps) {
    return new PhaseSteps(List.copyOf(steps), true);
  }

  public static PhaseSteps of(Step step) {
    return of(List.of(step));
  }

  /** Those after which the catalog is to be asked again. */
  public static PhaseSteps incomplete(List<? extends Step> steps) {
    return new PhaseSteps(List.copyOf(steps), false);
  }
}
