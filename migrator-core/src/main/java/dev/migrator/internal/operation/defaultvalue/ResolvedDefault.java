package dev.migrator.internal.operation.defaultvalue;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.ResolvedOperation;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.internal.step.Gate;
import dev.migrator.internal.step.PhaseSteps;
import dev.migrator.internal.step.StepInfo;
import dev.migrator.internal.step.TransactionStep;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A column that gets another default, or loses it.
 *
 * @param column the column
 * @param present the default that it has; {@code null} if none
 * @param wanted the default that it gets; {@code null} if none
 * @param phase the phase in which it does
 */
public record ResolvedDefault(
    TableFacts table,
    ColumnFacts column,
    @Nullable String present,
    @Nullable String wanted,
    Phase phase)
    implements ResolvedOperation {

  @Override
  public PhaseSteps steps(Phase phase) {
    if (phase != this.phase || Objects.equals(present, wanted)) {
      return PhaseSteps.NONE;
    }
    List<TableLock> lock = List.of(new TableLock(table.quoted(), TableLock.Mode.ACCESS_EXCLUSIVE));
    return PhaseSteps.of(
        TransactionStep.of(
            StepInfo.of((wanted == null) ? "drop-default" : "set-default", phase)
                .gate(phase == Phase.CONTRACT ? Gate.CONTRACT : Gate.NONE),
            lock,
            List.of(set(wanted)),
            lock,
            List.of(set(present))));
  }

  private String set(@Nullable String expression) {
    return "ALTER TABLE %s ALTER COLUMN %s %s"
        .formatted(
            table.quoted(),
            column.quoted(),
            (expression == null) ? "DROP DEFAULT" : "SET DEFAULT " + expression);
  }
}
