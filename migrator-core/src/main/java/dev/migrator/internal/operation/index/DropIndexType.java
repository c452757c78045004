package dev.migrator.internal.operation.index;

import dev.migrator.Phase;
import dev.migrator.error.ErrorCode;
import dev.migrator.internal.catalog.IndexFacts;
import dev.migrator.internal.catalog.PartitionedIndexReader;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.AffectedObjects;
import dev.migrator.internal.operation.AffectedObjects.Kind;
import dev.migrator.internal.operation.Definitions;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.operation.OperationFacts.Loss;
import dev.migrator.internal.operation.OperationType;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.internal.sql.IndexName;
import dev.migrator.operation.DropIndex;
import java.util.List;
import java.util.Map;

/** An index that is dropped. */
public final class DropIndexType implements OperationType<DropIndex> {

  @Override
  public Class<DropIndex> operation() {
    return DropIndex.class;
  }

  @Override
  public OperationFacts facts(DropIndex drop) {
    return OperationFacts.of(
        List.of(AffectedObjects.of(drop.table(), Kind.CONSTRAINTS, List.of()).index(drop.name())),
        drop.declares(),
        drop.last(),
        new Loss(
            "needs the index \"%s\"".formatted(drop.name()),
            "the index \"%s\" of table %s".formatted(drop.name(), drop.table()),
            "dropIndex",
            false),
        Map.of(
            Phase.CONTRACT,
            Definitions.of("dropIndex", "table", drop.table().toString(), "name", drop.name())));
  }

  @Override
  public ResolvedIndexDrop resolve(DropIndex drop, Resolution resolution) {
    TableFacts table = resolution.tables().changed(drop.table());
    IndexName name = new IndexName(table.schema(), drop.name());
    IndexFacts found = resolution.constraints().index(name).orElse(null);
    if (found == null && !resolution.first()) {
      return new ResolvedIndexDrop(table, name, null, Map.of());
    }
    IndexFacts facts = IndexOfTable.require(resolution, table, name, found);
    if (!facts.constraints().isEmpty()) {
      throw resolution.invalid(
          ErrorCode.INDEX_NEEDED,
          "the index \"%s\" backs the constraints %s; it goes with them, not alone"
              .formatted(name.name(), facts.constraints()));
    }
    if (facts.replicaIdentity()) {
      throw resolution.invalid(
          ErrorCode.INDEX_NEEDED,
          "the index \"%s\" is the replica identity of %s: without it, updates of a published table fail; choose another replica identity first"
              .formatted(name.name(), table));
    }
    if (table.partitioned() && facts.unique()) {
      throw resolution.invalid(
          ErrorCode.PARTITIONED_UNSUPPORTED,
          "the index \"%s\" of %s is unique, which is not supported for a partitioned table"
              .formatted(name.name(), table));
    }
    return new ResolvedIndexDrop(table, name, facts, parts(resolution, table, name));
  }

  private static Map<Long, String> parts(Resolution resolution, TableFacts table, IndexName index) {
    return table.partitioned()
        ? new PartitionedIndexReader(resolution.database()).partNames(index)
        : Map.of();
  }
}
