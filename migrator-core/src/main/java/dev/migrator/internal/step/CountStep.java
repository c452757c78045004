package dev.migrator.internal.step;

import dev.migrator.internal.sql.ViolatingRows;
import java.util.List;

/**
 * Rows that would violate what is to be added, looked for before anything is changed. Fails if
 * there are any.
 *
 * @param rows how to count them and what to say of them
 */
public record CountStep(StepInfo info, ViolatingRows rows) implements Step {

  @Override
  public List<String> statements() {
    return List.of(rows.count());
  }

  @Override
  public CountStep with(StepInfo other) {
    return new CountStep(other, rows);
  }
}
