package dev.migrator.internal.step;

import dev.migrator.operation.SqlFile.Statement;
import java.util.List;

/**
 * A statement of a SQL file that cannot run in a transaction.
 *
 * @param path the file, for people
 * @param placed the statement
 * @param resumed whether an earlier attempt was cut off, and may have done it
 */
public record SqlStatementStep(StepInfo info, String path, Statement placed, boolean resumed)
    implements Step {

  @Override
  public List<String> statements() {
    return List.of(placed.sql());
  }

  @Override
  public SqlStatementStep with(StepInfo other) {
    return new SqlStatementStep(other, path, placed, resumed);
  }

  /** The same after an attempt that was cut off. */
  public SqlStatementStep resuming() {
    return new SqlStatementStep(info, path, placed, true);
  }

  @Override
  public boolean canBeHalfDone() {
    return true;
  }
}
