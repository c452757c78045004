package dev.migrator.run;

import dev.migrator.plan.Step;
import java.util.List;

/**
 * What is to be done for a phase.
 *
 * @param table the table, quoted
 * @param steps the steps, in their order
 */
record PhaseWork(String table, List<Step> steps) {

  PhaseWork {
    steps = List.copyOf(steps);
  }
}
