package dev.migrator.internal.operation.constraint;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.ResolvedOperation;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.internal.step.Gate;
import dev.migrator.internal.step.PhaseSteps;
import dev.migrator.internal.step.StepInfo;
import dev.migrator.internal.step.TransactionStep;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A constraint that is dropped.
 *
 * @param name its name
 * @param phase the phase in which it is
 * @param constraint what it is; {@code null} if it is not there
 * @param parent the table that a foreign key refers to; {@code null} for others
 */
record ResolvedConstraintDrop(
    TableFacts table,
    String name,
    Phase phase,
    @Nullable TableConstraint constraint,
    @Nullable TableFacts parent)
    implements ResolvedOperation {

  @Override
  public PhaseSteps steps(Phase phase) {
    if (phase != this.phase || constraint == null) {
      return PhaseSteps.NONE;
    }
    StepInfo info =
        StepInfo.of("drop-constraint", phase)
            .gate(phase == Phase.CONTRACT ? Gate.CONTRACT : Gate.NONE)
            .undo(new ConstraintAgain(table, name, phase, constraint, parent).steps());
    return PhaseSteps.of(
        new TransactionStep(
            info,
            ConstraintAgain.locks(table, parent, TableLock.Mode.ACCESS_EXCLUSIVE),
            List.of(
                "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s"
                    .formatted(table.quoted(), Identifiers.quote(name)))));
  }
}
