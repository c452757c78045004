package dev.migrator.internal.step;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.migrator.operation.SqlFile.Allowance;
import dev.migrator.operation.SqlFile.Statement;
import dev.migrator.operation.SqlText;
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
 * @param checksum of a file that is too large to be kept, in the place of its statements
 * @param text reads those; {@code null} of others, and in the journal
 */
public record SqlFileStep(
    StepInfo info,
    String path,
    List<Statement> placed,
    boolean mayRemove,
    boolean longWork,
    List<Allowance> allowances,
    @Nullable String checksum,
    @JsonIgnore @Nullable SqlText text)
    implements Step {

  public SqlFileStep {
    placed = List.copyOf(placed);
    allowances = List.copyOf(allowances);
  }

  /** Of a file whose statements are all here. */
  public SqlFileStep(
      StepInfo info,
      String path,
      List<Statement> placed,
      boolean mayRemove,
      boolean longWork,
      List<Allowance> allowances) {
    this(info, path, placed, mayRemove, longWork, allowances, null, null);
  }

  @Override
  public List<String> statements() {
    if (checksum != null) {
      return List.of(
          "-- %s, whose sum is %s; it is too large to be shown".formatted(path, checksum));
    }
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
    return new SqlFileStep(other, path, placed, mayRemove, longWork, allowances, checksum, text);
  }
}
