package dev.migrator.internal.operation.index;

import dev.migrator.Phase;
import dev.migrator.error.ErrorCode;
import dev.migrator.internal.catalog.IndexFacts;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.AffectedObjects;
import dev.migrator.internal.operation.AffectedObjects.Kind;
import dev.migrator.internal.operation.Definitions;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.operation.OperationType;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.internal.sql.IndexName;
import dev.migrator.operation.RenameIndex;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Another name for an index. */
public final class RenameIndexType implements OperationType<RenameIndex> {

  @Override
  public Class<RenameIndex> operation() {
    return RenameIndex.class;
  }

  @Override
  public OperationFacts facts(RenameIndex rename) {
    AffectedObjects affected = AffectedObjects.of(rename.table(), Kind.CONSTRAINTS, List.of());
    return OperationFacts.of(
        List.of(affected.index(rename.name()), affected.index(rename.other())),
        rename.declares(),
        rename.last(),
        null,
        Map.of(
            Phase.EXPAND,
            Definitions.of(
                "renameIndex",
                "table",
                rename.table().toString(),
                "name",
                rename.name(),
                "to",
                rename.other())));
  }

  @Override
  public ResolvedIndexRename resolve(RenameIndex rename, Resolution resolution) {
    TableFacts table = resolution.tables().changed(rename.table());
    IndexName name = new IndexName(table.schema(), rename.name());
    IndexFacts facts = find(resolution, name);
    IndexFacts other = find(resolution, new IndexName(table.schema(), rename.other()));
    if (facts == null && other != null && other.table() == table.oid()) {
      return new ResolvedIndexRename(table, name, rename.other(), true);
    }
    IndexFacts index = IndexOfTable.require(resolution, table, name, facts);
    if (!index.constraints().isEmpty()) {
      throw resolution.invalid(
          ErrorCode.INDEX_NEEDED,
          "the index \"%s\" backs the constraints %s, whose name goes with it; use renameConstraint"
              .formatted(name.name(), index.constraints()));
    }
    if (other != null) {
      throw resolution.invalid(
          ErrorCode.NAME_TAKEN,
          "the name \"%s\" is taken in schema %s; choose another name"
              .formatted(rename.other(), table.schema()));
    }
    return new ResolvedIndexRename(table, name, rename.other(), false);
  }

  private static @Nullable IndexFacts find(Resolution resolution, IndexName name) {
    return resolution.constraints().pinned(() -> resolution.constraints().index(name).orElse(null));
  }
}
