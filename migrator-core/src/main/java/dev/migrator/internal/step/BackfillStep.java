package dev.migrator.internal.step;

import dev.migrator.internal.sql.RangeSql;
import java.util.List;

/**
 * Rows copied to the other side, range by range.
 *
 * @param ranges how
 */
public record BackfillStep(StepInfo info, RangeSql ranges) implements Step {

  @Override
  public List<String> statements() {
    return List.of(ranges.update(0, 1));
  }

  @Override
  public BackfillStep with(StepInfo other) {
    return new BackfillStep(other, ranges);
  }
}
