package dev.migrator;

import dev.migrator.internal.Names;
import dev.migrator.operation.SetNotNull;

/** The stages of NOT NULL. */
final class NotNullStage extends Stage implements Migration.NotNullSet, Migration.NullsFilled {

  private final SetNotNull operation;

  NotNullStage(MigrationBuilder before, SetNotNull operation) {
    super(before, operation);
    this.operation = operation;
  }

  @Override
  public Migration.NullsFilled fillNullsWith(String expression) {
    return new NotNullStage(
        before(),
        new SetNotNull(
            operation.table(),
            operation.column(),
            Names.expression(id(), "fillNullsWith", expression),
            false));
  }

  @Override
  public Migration.Whole stopFilling() {
    return new WholeStage(
        before(),
        new SetNotNull(operation.table(), operation.column(), operation.fillNullsWith(), true));
  }
}
