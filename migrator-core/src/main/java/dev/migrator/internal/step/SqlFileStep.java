package dev.migrator.internal.step;

import dev.migrator.operation.SqlFile.Allowance;
import dev.migrator.operation.SqlFile.Statement;
import dev.migrator.plan.PlannedLock;
import dev.migrator.plan.Work;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Statements of a SQL file that are one transaction, judged by its effect before it is committed.
 *
 * @param path the file, for people
 * @param placed the statements
 * @param mayRemove whether they may take something away
 * @param longWork whether a statement may run for long that blocks neither reads nor writes
 * @param allowances what they may take away in any case
 */
public record SqlFileStep(
    StepInfo info,
    String path,
    List<Statement> placed,
    boolean mayRemove,
    boolean longWork,
    List<Allowance> allowances)
    implements Step {

  public SqlFileStep {
    placed = List.copyOf(placed);
    allowances = List.copyOf(allowances);
  }

  @Override
  public List<String> statements() {
    return placed.stream().map(Statement::sql).toList();
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
  public SqlFileStep with(StepInfo other) {
    return new SqlFileStep(other, path, placed, mayRemove, longWork, allowances);
  }
}
