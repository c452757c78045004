package dev.migrator.internal.operation.index;

import dev.migrator.internal.catalog.IndexFacts;
import dev.migrator.internal.catalog.IndexShape;
import dev.migrator.internal.catalog.PartitionedIndex;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.ResolvedOperation;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.IndexName;
import dev.migrator.internal.sql.TableLock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** As it is on a partitioned table; empty if it is not there. */
  public Optional<PartitionedIndex> partitioned() {
    return Optional.ofNullable(facts)
        .map(
            it ->
                new PartitionedIndex(
                    table.oid(), table.quoted(), index, it.definition(), parts, it.comment()));
  }

  /** Dropping an index of a partitioned table locks all of it. */
  public List<TableLock> locks() {
    return List.of(new TableLock(table.quoted(), TableLock.Mode.ACCESS_EXCLUSIVE));
  }

  /** Builds it again: what an interrupted attempt has left goes first. */
  public List<String> undo() {
    if (facts == null) {
      return List.of();
    }
    IndexShape shape = new IndexShape(facts.unique(), facts.definition(), List.of(), null);
    List<String> sql = new ArrayList<>();
    sql.add(index.drop());
    sql.add(shape.build(index.name(), table.quoted()));
    if (facts.comment() != null) {
      sql.add(
          "COMMENT ON INDEX %s IS %s"
              .formatted(index.quoted(), Identifiers.literal(facts.comment())));
    }
    return sql;
  }
}
