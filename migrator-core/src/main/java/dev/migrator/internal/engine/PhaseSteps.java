package dev.migrator.internal.engine;

import dev.migrator.internal.step.Step;
import java.util.List;

/**
 * What is to be done for a phase.
 *
 * @param table the table, quoted
 * @param tableId its object id
 * @param steps the steps, in their order
 * @param back what takes the phase back, where that has to be worked out and recorded with it
 */
record PhaseSteps(String table, long tableId, List<Step> steps, List<Step> back) {

  PhaseSteps {
    steps = List.copyOf(steps);
    back = List.copyOf(back);
  }

  PhaseSteps withBack(List<Step> steps) {
    return new PhaseSteps(table, tableId, this.steps, steps);
  }
}
