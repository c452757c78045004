package dev.migrator.internal.operation.changetype;

import dev.migrator.Phase;
import dev.migrator.internal.operation.AffectedObjects;
import dev.migrator.internal.operation.Definitions;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.operation.OperationFacts.Sides;
import dev.migrator.internal.operation.OperationType;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.operation.ChangeType;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A column gets a wider type. */
public final class ChangeTypeType implements OperationType<ChangeType> {

  @Override
  public Class<ChangeType> operation() {
    return ChangeType.class;
  }

  /** A release that declares it may write what only the wider type can hold. */
  @Override
  public OperationFacts facts(ChangeType change) {
    return new OperationFacts(
        List.of(
            AffectedObjects.of(
                change.table(), AffectedObjects.Kind.COLUMNS, List.of(change.column()))),
        change.declares(),
        change.last(),
        Phase.EXPAND,
        new Sides(change.table().name(), List.of(), List.of(), false, true, false),
        null,
        Map.of(
            Phase.EXPAND,
            Definitions.of(
                "changeType",
                "table",
                change.table().toString(),
                "column",
                change.column(),
                "type",
                String.valueOf(Definitions.normalized(change.type())).toLowerCase(Locale.ROOT))));
  }

  @Override
  public ResolvedTypeChange resolve(ChangeType change, Resolution resolution) {
    return new ChangeTypeResolver(resolution).resolve(change);
  }
}
