package dev.migrator.internal.step;

import dev.migrator.internal.catalog.PartitionedIndex;
import java.util.List;

/**
 * An index of a partitioned table, built partition by partition without blocking writes, and then
 * made a whole in one transaction, which records it; or all of it dropped, however far it has come.
 *
 * @param index the index
 * @param present whether it shall be there
 */
public record PartitionedIndexStep(StepInfo info, PartitionedIndex index, boolean present)
    implements Step {

  /** Builds an index; undone by dropping it. */
  public static PartitionedIndexStep build(StepInfo info, PartitionedIndex index) {
    StepInfo undo = StepInfo.undoing(info.name(), info.phase());
    return new PartitionedIndexStep(
        info.undo(List.of(new PartitionedIndexStep(undo, index, false))), index, true);
  }

  @Override
  public List<String> statements() {
    return List.of(present ? index.create() : index.drop());
  }

  @Override
  public PartitionedIndexStep with(StepInfo other) {
    return new PartitionedIndexStep(other, index, present);
  }

  @Override
  public boolean canBeHalfDone() {
    return true;
  }
}
