package dev.migrator.internal.operation.index;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.ResolvedOperation;
import dev.migrator.internal.sql.IndexName;
import dev.migrator.internal.step.PhaseSteps;
import dev.migrator.internal.step.StepInfo;
import dev.migrator.internal.step.TransactionStep;
import java.util.List;

/**
 * An index that gets another name.
 *
 * @param index its name
 * @param other the name that it gets
 * @param done whether it has that name already
 */
public record ResolvedIndexRename(TableFacts table, IndexName index, String other, boolean done)
    implements ResolvedOperation {

  /** Locks the index alone, in a mode that readers and writers do not notice. */
  @Override
  public PhaseSteps steps(Phase phase) {
    if (phase != Phase.EXPAND || done) {
      return PhaseSteps.NONE;
    }
    IndexName renamed = new IndexName(index.schema(), other);
    return PhaseSteps.of(
        TransactionStep.ofOtherLocks(
            StepInfo.of("rename-index", phase)
                .undo(
                    List.of(
                        TransactionStep.ofOtherLocks(
                            StepInfo.undoing("rename-index", phase),
                            List.of(renamed.renameIfThere(index.name()))))),
            List.of(index.rename(other))));
  }
}
