package dev.migrator.internal.journal;

import dev.migrator.internal.step.Step;
import dev.migrator.status.StepStatus;
import org.jspecify.annotations.Nullable;

/**
 * A step as the journal has it.
 *
 * @param step all that is needed to run and to undo it
 * @param state how far it came
 * @param undoes of a step that undoes another one, the name of that
 * @param sealed whether a role wrote it that may; otherwise it must not be run
 */
public record StepRecord(
    Step step, StepStatus.State state, @Nullable String undoes, boolean sealed) {

  public String name() {
    return step.name();
  }
}
