package dev.migrator.internal.operation.defaultvalue;

import dev.migrator.Phase;
import dev.migrator.error.ErrorCode;
import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.AffectedObjects;
import dev.migrator.internal.operation.Definitions;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.operation.OperationType;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.operation.SetDefault;
import java.util.List;
import java.util.Map;

/** Another default of a column. */
public final class SetDefaultType implements OperationType<SetDefault> {

  @Override
  public Class<SetDefault> operation() {
    return SetDefault.class;
  }

  @Override
  public OperationFacts facts(SetDefault set) {
    return OperationFacts.of(
        List.of(
            AffectedObjects.of(set.table(), AffectedObjects.Kind.COLUMNS, List.of(set.column()))),
        set.declares(),
        set.last(),
        null,
        Map.of(
            Phase.EXPAND,
            Definitions.of(
                "setDefault",
                "table",
                set.table().toString(),
                "column",
                set.column(),
                "to",
                Definitions.normalized(set.expression()))));
  }

  @Override
  public ResolvedDefault resolve(SetDefault set, Resolution resolution) {
    TableFacts table = resolution.tables().changed(set.table());
    DefaultReader reader = new DefaultReader(resolution, table);
    ColumnFacts column = reader.column(set.column());
    String wanted = resolution.tableClone().defaultOf(table, column, set.expression());
    if (wanted == null) {
      throw resolution.invalid(
          ErrorCode.DEFAULT_UNFIT,
          "the default of \"%s\" is NULL, which is none; use dropDefault(\"%s\")"
              .formatted(column.name(), column.name()));
    }
    return new ResolvedDefault(
        table,
        column,
        resolution.qualifiedDefault(reader.current(column)),
        resolution.qualifiedDefault(wanted),
        Phase.EXPAND);
  }
}
