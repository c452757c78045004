package dev.migrator.internal.operation.addcolumn;

import dev.migrator.Phase;
import dev.migrator.internal.operation.AffectedObjects;
import dev.migrator.internal.operation.Definitions;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.operation.OperationFacts.Sides;
import dev.migrator.internal.operation.OperationType;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.operation.AddColumn;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A new column with more than a type. */
public final class AddColumnType implements OperationType<AddColumn> {

  @Override
  public Class<AddColumn> operation() {
    return AddColumn.class;
  }

  /** The rows have the default when BACKFILL is reached, so a release waits for that. */
  @Override
  public OperationFacts facts(AddColumn add) {
    return new OperationFacts(
        List.of(
            AffectedObjects.of(
                add.table(),
                AffectedObjects.Kind.COLUMNS,
                List.of(add.name()),
                add.defaultValue())),
        add.declares(),
        add.last(),
        add.last(),
        new Sides(add.table().name(), List.of(), List.of(add.name()), false, true, false),
        null,
        Map.of(
            Phase.EXPAND,
            Definitions.of(
                "addColumn",
                "table",
                add.table().toString(),
                "name",
                add.name(),
                "type",
                String.valueOf(Definitions.normalized(add.type())).toLowerCase(Locale.ROOT),
                "default",
                Definitions.normalized(add.defaultValue()),
                "notNull",
                add.notNull(),
                "identity",
                add.identity(),
                "comment",
                add.comment())));
  }

  @Override
  public ResolvedAddColumn resolve(AddColumn add, Resolution resolution) {
    return new AddColumnResolver(resolution).resolve(add);
  }
}
