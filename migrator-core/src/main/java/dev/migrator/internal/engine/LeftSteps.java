package dev.migrator.internal.engine;

import dev.migrator.internal.journal.StepRecord;
import dev.migrator.internal.step.Gate;
import dev.migrator.internal.step.Step;
import dev.migrator.status.StepStatus.State;
import java.util.List;
import java.util.Map;

/** What is left of the steps of a phase. Pure: the plan shows what the work would do. */
final class LeftSteps {

  private LeftSteps() {}

  /** Once the old side is released, what comes before that would compare what has parted. */
  static List<Step> behindRelease(List<Step> steps, Map<String, StepRecord> records) {
    for (Step step : steps) {
      if (step.info().gate() == Gate.RELEASE && !isLeft(step, records)) {
        return steps.subList(steps.indexOf(step), steps.size());
      }
    }
    return steps;
  }

  static boolean isLeft(Step step, Map<String, StepRecord> records) {
    StepRecord record = records.get(step.name());
    return step.info().repeated() || record == null || record.state() != State.DONE;
  }
}
