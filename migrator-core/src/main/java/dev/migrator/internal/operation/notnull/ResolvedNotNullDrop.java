package dev.migrator.internal.operation.notnull;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.ResolvedOperation;
import dev.migrator.internal.operation.Violations;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.ViolatingRows;
import dev.migrator.internal.step.CountStep;
import dev.migrator.internal.step.PhaseSteps;
import dev.migrator.internal.step.Step;
import dev.migrator.internal.step.StepInfo;
import dev.migrator.internal.step.TransactionStep;
import dev.migrator.internal.step.ValidationStep;
import java.util.ArrayList;
import java.util.List;

/**
 * A column that may be NULL again.
 *
 * @param column the column
 * @param sql how it becomes NOT NULL as it was
 * @param present whether it is NOT NULL
 * @param validated whether that is known to hold for all rows
 */
public record ResolvedNotNullDrop(
    TableFacts table, String column, NotNullSql sql, boolean present, boolean validated)
    implements ResolvedOperation {

  @Override
  public PhaseSteps steps(Phase phase) {
    if (phase != Phase.EXPAND || !present) {
      return PhaseSteps.NONE;
    }
    return PhaseSteps.of(
        new TransactionStep(
            StepInfo.of("drop-not-null", phase).undo(again(phase)), sql.lock(), sql.undoSet()));
  }

  /** As setNotNull does it: nobody waits for the scan. */
  private List<Step> again(Phase phase) {
    List<Step> steps = new ArrayList<>();
    if (validated) {
      steps.add(new CountStep(StepInfo.undoing("count-nulls", phase), nulls()));
    }
    for (Step step : NotNullSteps.of(phase, sql)) {
      if (validated || !(step instanceof ValidationStep)) {
        steps.add(step.with(StepInfo.undoing(step.name(), phase)));
      }
    }
    return steps;
  }

  private ViolatingRows nulls() {
    String rows = "FROM %s WHERE %s IS NULL".formatted(table.quoted(), Identifiers.quote(column));
    return Violations.of(
        rows,
        "rows of %s have NULL in \"%s\" by now; give them a value, then give the command RETRY"
            .formatted(table, column));
  }
}
