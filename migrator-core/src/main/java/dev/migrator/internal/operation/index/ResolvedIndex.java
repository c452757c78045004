package dev.migrator.internal.operation.index;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.IndexShape;
import dev.migrator.internal.catalog.PartitionedIndex;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.ResolvedOperation;
import dev.migrator.internal.sql.IndexName;
import dev.migrator.internal.sql.ViolatingRows;
import dev.migrator.internal.step.ConcurrentIndexStep;
import dev.migrator.internal.step.CountStep;
import dev.migrator.internal.step.PartitionedIndexStep;
import dev.migrator.internal.step.PhaseSteps;
import dev.migrator.internal.step.Step;
import dev.migrator.internal.step.StepInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A new index.
 *
 * @param index its name
 * @param shape what it is
 * @param present whether it is there already
 */
public record ResolvedIndex(TableFacts table, IndexName index, IndexShape shape, boolean present)
    implements ResolvedOperation {

  @Override
  public PhaseSteps steps(Phase phase) {
    if (phase != Phase.BACKFILL) {
      return PhaseSteps.NONE;
    }
    StepInfo build = StepInfo.of("build-index", phase);
    if (table.partitioned()) {
      Step step = PartitionedIndexStep.build(build, partitioned());
      // One that was there before stays: an undo must not drop what is not ours.
      return PhaseSteps.of(present ? step.with(build) : step);
    }
    List<Step> steps = new ArrayList<>();
    if (shape.unique() && !present) {
      steps.add(new CountStep(StepInfo.of("count-duplicates", phase), duplicates(table, shape)));
    }
    Step step = ConcurrentIndexStep.build(build, index, shape.build(index.name(), table.quoted()));
    steps.add(present ? step.with(build) : step);
    return PhaseSteps.of(steps);
  }

  /** As it is on a partitioned table. */
  public PartitionedIndex partitioned() {
    return new PartitionedIndex(
        table.oid(), table.quoted(), index, shape.definition(), Map.of(), null);
  }

  /** Groups of rows that a unique index would refuse. */
  public static ViolatingRows duplicates(TableFacts table, IndexShape shape) {
    String find = shape.duplicates(table.quoted());
    return new ViolatingRows(
        "SELECT count(*) FROM (%s) AS duplicates".formatted(find),
        "groups of rows of %s have the same values where they shall be unique; make them different or delete all but one of each; find them by: %s"
            .formatted(table, find));
  }
}
