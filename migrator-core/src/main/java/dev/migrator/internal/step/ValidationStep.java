package dev.migrator.internal.step;

import java.util.List;

/**
 * A scan under a lock that conflicts neither with reads nor with writes: one transaction that may
 * take its time.
 *
 * @param statements the statements
 */
public record ValidationStep(StepInfo info, List<String> statements) implements Step {

  public ValidationStep {
    statements = List.copyOf(statements);
  }

  @Override
  public ValidationStep with(StepInfo other) {
    return new ValidationStep(other, statements);
  }
}
