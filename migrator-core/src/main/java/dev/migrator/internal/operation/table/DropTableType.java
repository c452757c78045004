package dev.migrator.internal.operation.table;

import dev.migrator.Phase;
import dev.migrator.TableName;
import dev.migrator.error.ErrorCode;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.AffectedObjects;
import dev.migrator.internal.operation.AffectedObjects.Kind;
import dev.migrator.internal.operation.Definitions;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.operation.OperationFacts.Loss;
import dev.migrator.internal.operation.OperationFacts.Sides;
import dev.migrator.internal.operation.OperationType;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.internal.operation.ResolvedOperation;
import dev.migrator.operation.DropTable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A table that is dropped. */
public final class DropTableType implements OperationType<DropTable> {

  @Override
  public Class<DropTable> operation() {
    return DropTable.class;
  }

  @Override
  public OperationFacts facts(DropTable drop) {
    return new OperationFacts(
        List.of(AffectedObjects.of(drop.table(), Kind.TABLE, List.of())),
        drop.declares(),
        drop.last(),
        OperationFacts.earlier(drop.declares(), Phase.DUAL_WRITE),
        Sides.retiring(drop.table()),
        new Loss(
            "uses the table \"%s\"".formatted(drop.table()),
            "the table \"%s\"".formatted(drop.table()),
            "dropTable",
            true),
        Map.of(Phase.CONTRACT, Definitions.of("dropTable", "table", drop.table().toString())));
  }

  @Override
  public ResolvedOperation resolve(DropTable drop, Resolution resolution) {
    String retired = resolution.names().retired(0);
    TableName name = drop.table();
    if (!resolution.first() && resolution.catalog().table(name).isEmpty()) {
      @Nullable TableFacts kept =
          resolution.catalog().table(new TableName(name.schema(), retired)).orElse(null);
      if (kept != null) {
        // Its own work, in a migration with further operations.
        return new ResolvedTableDrop(kept, name.name(), retired, List.of());
      }
    }
    TableFacts table = resolution.tables().table(name);
    if (table.partitioned()) {
      throw resolution.invalid(
          ErrorCode.PARTITIONED_UNSUPPORTED,
          "%s is partitioned, which dropTable does not support: old releases may use its partitions by their names; drop it by hand"
              .formatted(table));
    }
    TableDependents dependents = new TableDependents(resolution.database());
    List<String> found = dependents.of(table.oid());
    if (!found.isEmpty()) {
      throw resolution.invalid(
          ErrorCode.DEPENDENTS_LOST,
          "these depend on %s and would be broken: %s; drop them or change them first"
              .formatted(table, String.join("; ", found)));
    }
    return new ResolvedTableDrop(table, table.name(), retired, dependents.keys(table.oid()));
  }
}
