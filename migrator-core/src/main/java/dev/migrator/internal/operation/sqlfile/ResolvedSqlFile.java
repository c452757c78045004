package dev.migrator.internal.operation.sqlfile;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.ResolvedOperation;
import dev.migrator.internal.step.Gate;
import dev.migrator.internal.step.PhaseSteps;
import dev.migrator.internal.step.SqlFileStep;
import dev.migrator.internal.step.SqlStatementStep;
import dev.migrator.internal.step.Step;
import dev.migrator.internal.step.StepInfo;
import dev.migrator.operation.SqlFile;
import dev.migrator.operation.SqlFile.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A SQL file.
 *
 * @param file as it was read
 */
public record ResolvedSqlFile(SqlFile file) implements ResolvedOperation {

  private static final String NAME = "sql";

  @Override
  public @Nullable TableFacts table() {
    return null;
  }

  @Override
  public PhaseSteps steps(Phase phase) {
    if (phase != file.last()) {
      return PhaseSteps.NONE;
    }
    StepInfo info = StepInfo.of(NAME, phase).gate(file.contract() ? Gate.CONTRACT : Gate.NONE);
    List<Step> steps =
        file.text() != null
            ? List.of(large(info))
            : steps(
                info, file.statements(), file.inTransaction(), file.contract(), file.longWork());
    // The whole of it is undone with what was done first, behind which nothing is left to undo.
    List<Step> all = new ArrayList<>(steps);
    all.set(0, steps.get(0).with(undo(steps.get(0).info(), phase)));
    return PhaseSteps.of(all);
  }

  private StepInfo undo(StepInfo info, Phase phase) {
    if (file.repeatable()) {
      return info.withoutUndo(
          "what a repeatable file was before is put back by a new release of it");
    }
    List<Statement> down = file.down();
    if (down == null) {
      return info.withoutUndo("no file %s is beside it".formatted(downPath()));
    }
    boolean inTransaction = down.stream().noneMatch(Statement::outside);
    return info.undo(
        steps(StepInfo.undoing(NAME, phase), down, inTransaction, true, file.longWork()));
  }

  private Step large(StepInfo info) {
    return new SqlFileStep(
        info,
        file.path(),
        List.of(),
        file.contract(),
        file.longWork(),
        file.allowances(),
        file.checksum(),
        file.text());
  }

  private String downPath() {
    return file.path().replaceFirst("(\\.up)?\\.sql$", ".down.sql");
  }

  private List<Step> steps(
      StepInfo info,
      List<Statement> statements,
      boolean inTransaction,
      boolean mayRemove,
      boolean longWork) {
    if (inTransaction) {
      return List.of(
          new SqlFileStep(info, file.path(), statements, mayRemove, longWork, file.allowances()));
    }
    List<Step> steps = new ArrayList<>();
    for (Statement statement : statements) {
      StepInfo own = info.named("%s-%d".formatted(info.name(), steps.size() + 1));
      steps.add(
          statement.outside()
              ? new SqlStatementStep(own, file.path(), statement, false)
              : new SqlFileStep(
                  own, file.path(), List.of(statement), mayRemove, longWork, file.allowances()));
    }
    return steps;
  }
}
