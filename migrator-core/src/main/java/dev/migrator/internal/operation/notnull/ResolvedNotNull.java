package dev.migrator.internal.operation.notnull;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.ResolvedOperation;
import dev.migrator.internal.operation.Violations;
import dev.migrator.internal.sql.ViolatingRows;
import dev.migrator.internal.step.BackfillStep;
import dev.migrator.internal.step.CountStep;
import dev.migrator.internal.step.Gate;
import dev.migrator.internal.step.PhaseSteps;
import dev.migrator.internal.step.Step;
import dev.migrator.internal.step.StepInfo;
import dev.migrator.internal.step.TransactionStep;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column that becomes NOT NULL.
 *
 * @param column the column as it is
 * @param sql how it becomes NOT NULL
 * @param filling what takes the place of NULL; {@code null} if nothing does
 * @param triggerPresent whether the trigger that fills is there
 */
public record ResolvedNotNull(
    TableFacts table,
    ColumnFacts column,
    NotNullSql sql,
    @Nullable NullFillingSql filling,
    boolean triggerPresent)
    implements ResolvedOperation {

  @Override
  public PhaseSteps steps(Phase phase) {
    return switch (phase) {
      case DUAL_WRITE ->
          (filling == null || column.notNull() || triggerPresent)
              ? PhaseSteps.NONE
              : PhaseSteps.of(
                  TransactionStep.of(
                      StepInfo.of("fill-writes", phase),
                      filling.createLock(),
                      filling.create(),
                      filling.dropLock(),
                      filling.drop()));
      case BACKFILL -> column.notNull() ? PhaseSteps.NONE : PhaseSteps.of(backfill(phase));
      case CONTRACT ->
          (filling == null || !triggerPresent)
              ? PhaseSteps.NONE
              : PhaseSteps.of(
                  TransactionStep.of(
                      StepInfo.of("stop-filling", phase).gate(Gate.CONTRACT),
                      filling.dropLock(),
                      filling.drop(),
                      filling.createLock(),
                      filling.create()));
      case EXPAND, SWITCH_READ -> PhaseSteps.NONE;
    };
  }

  @Override
  public ResolvedNotNull after(Phase phase) {
    boolean fills = filling != null && phase == Phase.DUAL_WRITE && !column.notNull();
    return fills ? new ResolvedNotNull(table, column, sql, filling, true) : this;
  }

  private List<Step> backfill(Phase phase) {
    List<Step> steps = new ArrayList<>();
    if (filling != null) {
      steps.add(new BackfillStep(StepInfo.of("fill-rows", phase), filling.ranges()));
    }
    steps.add(new CountStep(StepInfo.of("count-nulls", phase), nulls()));
    steps.addAll(NotNullSteps.of(phase, sql));
    return steps;
  }

  private ViolatingRows nulls() {
    String rows = "FROM %s WHERE %s IS NULL".formatted(table.quoted(), column.quoted());
    String fix =
        (filling == null)
            ? "give them a value, or declare a new migration with .fillNullsWith(\"…\")"
            : "the filling gives NULL for them or fails; give them a value by hand, or undo the change and declare another filling";
    return Violations.of(
        rows, "rows of %s have NULL in \"%s\"; %s".formatted(table, column.name(), fix));
  }
}
