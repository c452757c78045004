package dev.migrator.internal.operation.unique;

import dev.migrator.Phase;
import dev.migrator.error.ErrorCode;
import dev.migrator.internal.catalog.ConstraintFacts;
import dev.migrator.internal.catalog.IndexShape;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.AffectedObjects;
import dev.migrator.internal.operation.Definitions;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.operation.OperationType;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.internal.operation.index.IndexPresence;
import dev.migrator.internal.sql.IndexName;
import dev.migrator.operation.AddUnique;
import java.util.List;
import java.util.Map;

/** A new unique constraint. */
public final class AddUniqueType implements OperationType<AddUnique> {

  @Override
  public Class<AddUnique> operation() {
    return AddUnique.class;
  }

  @Override
  public OperationFacts facts(AddUnique unique) {
    return OperationFacts.of(
        List.of(
            AffectedObjects.of(unique.table(), AffectedObjects.Kind.KEY, unique.columns())
                .index(unique.name())),
        unique.declares(),
        unique.last(),
        null,
        Map.of(
            Phase.BACKFILL,
            Definitions.of(
                "addUnique",
                "table",
                unique.table().toString(),
                "name",
                unique.name(),
                "columns",
                unique.columns())));
  }

  @Override
  public ResolvedUnique resolve(AddUnique unique, Resolution resolution) {
    TableFacts table = resolution.tables().changed(unique.table());
    if (table.partitioned()) {
      throw resolution.partitions().unsupported(table);
    }
    unique.columns().forEach(it -> resolution.tables().column(table, it));
    IndexShape shape = resolution.tableClone().unique(table, unique.name(), unique.columns());
    IndexName name = new IndexName(table.schema(), unique.name());
    ConstraintFacts present =
        resolution.constraints().constraint(table.oid(), unique.name()).orElse(null);
    if (present != null
        && !(present.kind().equals("u") && present.columns().equals(unique.columns()))) {
      throw resolution.tables().taken("constraint", unique.name(), table, present.definition());
    }
    boolean indexPresent = IndexPresence.check(resolution, name, shape, table);
    if (resolution.first() && indexPresent && present == null) {
      throw resolution.invalid(
          ErrorCode.INDEX_PRESENT,
          "the index \"%s\" of %s is there already; the constraint would take it over, and an undo of the constraint would drop it: choose another name, and drop that index afterwards by dropIndex(\"%s\")"
              .formatted(unique.name(), table, unique.name()));
    }
    return new ResolvedUnique(table, name, shape, indexPresent, present != null);
  }
}
