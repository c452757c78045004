package dev.migrator.run;

import dev.migrator.plan.Step;
import java.util.List;

/**
 * What is to be done for a phase.
 *
 * @param table the table, quoted
 * @param tableId its object id
 * @param steps the steps, in their order
 * @param back what takes the phase back, where that has to be worked out and recorded with it
 */
record PhaseWork(String table, long tableId, List<Step> steps, List<Step> back) {

  PhaseWork {
    steps = List.copyOf(steps);
    back = List.copyOf(back);
  }

  PhaseWork withBack(List<Step> steps) {
    return new PhaseWork(table, tableId, this.steps, steps);
  }
}
