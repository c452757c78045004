package dev.migrator.internal.operation.unique;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.IndexShape;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.ResolvedOperation;
import dev.migrator.internal.operation.index.ResolvedIndex;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.IndexName;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.internal.step.ConcurrentIndexStep;
import dev.migrator.internal.step.CountStep;
import dev.migrator.internal.step.PhaseSteps;
import dev.migrator.internal.step.Step;
import dev.migrator.internal.step.StepInfo;
import dev.migrator.internal.step.TransactionStep;
import java.util.ArrayList;
import java.util.List;

/**
 * A new unique constraint.
 *
 * @param index its name, which is that of its index
 * @param shape what its index is
 * @param indexPresent whether its index is there already
 * @param present whether the constraint is there already
 */
public record ResolvedUnique(
    TableFacts table, IndexName index, IndexShape shape, boolean indexPresent, boolean present)
    implements ResolvedOperation {

  @Override
  public PhaseSteps steps(Phase phase) {
    if (phase != Phase.BACKFILL || present) {
      return PhaseSteps.NONE;
    }
    List<Step> steps = new ArrayList<>();
    if (!indexPresent) {
      steps.add(
          new CountStep(
              StepInfo.of("count-duplicates", phase), ResolvedIndex.duplicates(table, shape)));
    }
    steps.add(ConcurrentIndexStep.build(StepInfo.of("build-index", phase), index, build()));
    steps.add(
        TransactionStep.of(
            StepInfo.of("add-unique", phase), lock(), List.of(add()), lock(), List.of(drop())));
    return PhaseSteps.of(steps);
  }

  private String build() {
    return shape.build(index.name(), table.quoted());
  }

  private List<TableLock> lock() {
    return List.of(new TableLock(table.quoted(), TableLock.Mode.ACCESS_EXCLUSIVE));
  }

  /** Takes the index, so that nothing is built under the lock. */
  private String add() {
    String name = Identifiers.quote(index.name());
    return "ALTER TABLE %s ADD CONSTRAINT %s UNIQUE USING INDEX %s"
        .formatted(table.quoted(), name, name);
  }

  private String drop() {
    return "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s"
        .formatted(table.quoted(), Identifiers.quote(index.name()));
  }
}
