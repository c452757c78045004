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
import dev.migrator.operation.RenameConstraint;
import java.util.List;

/**
 * A constraint that gets another name.
 *
 * @param rename as declared
 * @param done whether it has that name already
 */
record ResolvedConstraintRename(TableFacts table, RenameConstraint rename, boolean done)
    implements ResolvedOperation {

  @Override
  public PhaseSteps steps(Phase phase) {
    if (phase != rename.last() || done) {
      return PhaseSteps.NONE;
    }
    List<TableLock> lock = List.of(new TableLock(table.quoted(), TableLock.Mode.ACCESS_EXCLUSIVE));
    return PhaseSteps.of(
        TransactionStep.of(
            StepInfo.of("rename-constraint", phase)
                .gate(phase == Phase.CONTRACT ? Gate.CONTRACT : Gate.NONE),
            lock,
            List.of(rename(rename.name(), rename.other())),
            lock,
            List.of(rename(rename.other(), rename.name()))));
  }

  private String rename(String from, String to) {
    return "ALTER TABLE %s RENAME CONSTRAINT %s TO %s"
        .formatted(table.quoted(), Identifiers.quote(from), Identifiers.quote(to));
  }
}
