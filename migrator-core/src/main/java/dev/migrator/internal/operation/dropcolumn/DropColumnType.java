package dev.migrator.internal.operation.dropcolumn;

import dev.migrator.Phase;
import dev.migrator.internal.operation.AffectedObjects;
import dev.migrator.internal.operation.Definitions;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.operation.OperationFacts.Loss;
import dev.migrator.internal.operation.OperationFacts.Sides;
import dev.migrator.internal.operation.OperationType;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.operation.DropColumn;
import java.util.List;
import java.util.Map;

/** A column that is dropped, and that nothing replaces. */
public final class DropColumnType implements OperationType<DropColumn> {

  @Override
  public Class<DropColumn> operation() {
    return DropColumn.class;
  }

  /** A release that declares it leaves the column out of its inserts, so it waits for EXPAND. */
  @Override
  public OperationFacts facts(DropColumn drop) {
    String table = drop.table().toString();
    return new OperationFacts(
        List.of(
            AffectedObjects.of(drop.table(), AffectedObjects.Kind.COLUMNS, List.of(drop.name()))),
        drop.declares(),
        drop.last(),
        Phase.EXPAND,
        new Sides(drop.table().name(), List.of(drop.name()), List.of(), false, true, false),
        new Loss(
            "uses the column \"%s\"".formatted(drop.name()),
            "the column \"%s\" of table %s".formatted(drop.name(), drop.table()),
            "dropColumn",
            true),
        Map.of(
            Phase.EXPAND,
            Definitions.of("leaveColumnOut", "table", table, "column", drop.name()),
            Phase.CONTRACT,
            Definitions.of("dropColumn", "table", table, "column", drop.name())));
  }

  @Override
  public ResolvedDropColumn resolve(DropColumn drop, Resolution resolution) {
    return new DropColumnResolver(resolution).resolve(drop);
  }
}
