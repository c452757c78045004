package dev.migrator.internal.operation.defaultvalue;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.AffectedObjects;
import dev.migrator.internal.operation.Definitions;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.operation.OperationFacts.Loss;
import dev.migrator.internal.operation.OperationType;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.operation.DropDefault;
import java.util.List;
import java.util.Map;

/**
 * A column without its default. Releases that leave the column out of their inserts would fail
 * where it is NOT NULL, and write NULL where it is not: both wait for the contract.
 */
public final class DropDefaultType implements OperationType<DropDefault> {

  @Override
  public Class<DropDefault> operation() {
    return DropDefault.class;
  }

  @Override
  public OperationFacts facts(DropDefault drop) {
    return OperationFacts.of(
        List.of(
            AffectedObjects.of(drop.table(), AffectedObjects.Kind.COLUMNS, List.of(drop.column()))),
        drop.declares(),
        drop.last(),
        new Loss(
            "leaves \"%s\" to its default".formatted(drop.column()),
            "the default of \"%s\" of table %s".formatted(drop.column(), drop.table()),
            "dropDefault",
            true),
        Map.of(
            Phase.CONTRACT,
            Definitions.of(
                "dropDefault", "table", drop.table().toString(), "column", drop.column())));
  }

  @Override
  public ResolvedDefault resolve(DropDefault drop, Resolution resolution) {
    TableFacts table = resolution.tables().changed(drop.table());
    DefaultReader reader = new DefaultReader(resolution, table);
    ColumnFacts column = reader.column(drop.column());
    return new ResolvedDefault(
        table, column, resolution.qualifiedDefault(reader.current(column)), null, Phase.CONTRACT);
  }
}
