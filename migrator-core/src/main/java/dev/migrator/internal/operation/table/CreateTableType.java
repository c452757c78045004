package dev.migrator.internal.operation.table;

import dev.migrator.Phase;
import dev.migrator.TableName;
import dev.migrator.internal.operation.AffectedObjects;
import dev.migrator.internal.operation.AffectedObjects.Kind;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.operation.OperationFacts.Sides;
import dev.migrator.internal.operation.OperationType;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.internal.operation.ResolvedOperation;
import dev.migrator.operation.CreateTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A new table. */
public final class CreateTableType implements OperationType<CreateTable> {

  @Override
  public Class<CreateTable> operation() {
    return CreateTable.class;
  }

  /** A table is created to be used. */
  @Override
  public OperationFacts facts(CreateTable create) {
    List<String> columns = create.columns().stream().map(CreateTable.Column::name).toList();
    return new OperationFacts(
        affected(create, columns),
        create.declares(),
        create.last(),
        Phase.EXPAND,
        new Sides(create.table().name(), List.of(), columns, false, true, false),
        null,
        Map.of(Phase.EXPAND, CreateTableDefinition.of(create)));
  }

  private static List<AffectedObjects> affected(CreateTable create, List<String> columns) {
    List<AffectedObjects> affected = new ArrayList<>();
    affected.add(AffectedObjects.of(create.table(), Kind.TABLE, columns));
    for (CreateTable.ForeignKey key : create.foreignKeys()) {
      TableName parent = key.parent();
      if (!parent.equals(create.table())) {
        affected.add(AffectedObjects.of(parent, Kind.REFERENCED, key.parentColumns()));
      }
    }
    return affected;
  }

  @Override
  public ResolvedOperation resolve(CreateTable create, Resolution resolution) {
    return new CreateTableResolver(resolution).resolve(create);
  }
}
