package dev.migrator.internal.step;

import java.util.List;

/**
 * Waits for those transactions that have written to a table when it begins. It blocks nobody, and
 * does not wait for who writes later.
 *
 * @param table the object id of the table
 */
public record AwaitWritersStep(StepInfo info, long table) implements Step {

  @Override
  public List<String> statements() {
    return List.of();
  }

  @Override
  public AwaitWritersStep with(StepInfo other) {
    return new AwaitWritersStep(other, table);
  }
}
