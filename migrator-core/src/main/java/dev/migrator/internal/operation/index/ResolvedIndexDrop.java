package dev.migrator.internal.operation.index;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.IndexFacts;
import dev.migrator.internal.catalog.IndexShape;
import dev.migrator.internal.catalog.PartitionedIndex;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.ResolvedOperation;
import dev.migrator.internal.sql.IndexName;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.internal.step.ConcurrentIndexStep;
import dev.migrator.internal.step.Gate;
import dev.migrator.internal.step.PartitionedIndexStep;
import dev.migrator.internal.step.PhaseSteps;
import dev.migrator.internal.step.Step;
import dev.migrator.internal.step.StepInfo;
import dev.migrator.internal.step.TransactionStep;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An index that goes.
 *
 * @param index its name
 * @param facts what it is; {@code null} if it is not there
 * @param parts the names of its parts, by the object ids of the partitions
 */
public record ResolvedIndexDrop(
    TableFacts table, IndexName index, @Nullable IndexFacts facts, Map<Long, String> parts)
    implements ResolvedOperation {

  public ResolvedIndexDrop {
    parts = Map.copyOf(parts);
  }

  @Override
  public PhaseSteps steps(Phase phase) {
    if (phase != Phase.CONTRACT) {
      return PhaseSteps.NONE;
    }
    StepInfo info = StepInfo.of("drop-index", phase).gate(Gate.CONTRACT);
    return PhaseSteps.of(table.partitioned() ? partitioned(info) : plain(info));
  }

  private Step plain(StepInfo info) {
    if (facts == null) {
      return ConcurrentIndexStep.drop(info, index);
    }
    IndexShape shape = new IndexShape(facts.unique(), facts.whole(), List.of(), null);
    Step again =
        new ConcurrentIndexStep(
            StepInfo.undoing(info.name(), info.phase()),
            index,
            true,
            shape.build(index.name(), table.quoted()),
            facts.details());
    return ConcurrentIndexStep.drop(info.undo(List.of(again)), index);
  }

  /** Dropping an index of a partitioned table locks all of it. */
  private Step partitioned(StepInfo info) {
    List<TableLock> locks = List.of(new TableLock(table.quoted(), TableLock.Mode.ACCESS_EXCLUSIVE));
    if (facts == null) {
      return new TransactionStep(info, locks, List.of());
    }
    PartitionedIndex whole =
        new PartitionedIndex(
            table.oid(), table.quoted(), index, facts.definition(), parts, facts.comment());
    Step again = new PartitionedIndexStep(StepInfo.undoing(info.name(), info.phase()), whole, true);
    return new TransactionStep(info.undo(List.of(again)), locks, List.of(whole.drop()));
  }
}
