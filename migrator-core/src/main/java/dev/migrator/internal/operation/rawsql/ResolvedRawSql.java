package dev.migrator.internal.operation.rawsql;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.ResolvedOperation;
import dev.migrator.internal.step.Gate;
import dev.migrator.internal.step.PhaseSteps;
import dev.migrator.internal.step.StepInfo;
import dev.migrator.internal.step.TransactionStep;
import dev.migrator.operation.RawSql;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SQL of the user's own.
 *
 * @param sql as declared
 */
public record ResolvedRawSql(RawSql sql) implements ResolvedOperation {

  @Override
  public @Nullable TableFacts table() {
    return null;
  }

  @Override
  public PhaseSteps steps(Phase phase) {
    if (phase != sql.last()) {
      return PhaseSteps.NONE;
    }
    StepInfo info =
        StepInfo.of("sql", phase).gate(sql.contract() ? Gate.CONTRACT : Gate.NONE).reshaping();
    String reason = sql.withoutUndo();
    StepInfo whole =
        (reason != null)
            ? info.withoutUndo(reason)
            : info.undo(
                List.of(
                    TransactionStep.ofOtherLocks(
                        StepInfo.undoing("sql", phase).reshaping(), sql.undo())));
    return PhaseSteps.of(TransactionStep.ofOtherLocks(whole, sql.statements()));
  }
}
