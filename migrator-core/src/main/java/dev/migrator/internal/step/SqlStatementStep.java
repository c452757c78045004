package dev.migrator.internal.step;

import dev.migrator.operation.SqlFile.Statement;
import dev.migrator.plan.PlannedLock;
import dev.migrator.plan.Work;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
  public Work work() {
    return Work.UNKNOWN;
  }

  @Override
  public List<PlannedLock> locksOn(@Nullable String table) {
    return List.of();
  }

  @Override
  public boolean otherLocks() {
    return true;
  }

  @Override
  public boolean isOneTransaction() {
    return false;
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
