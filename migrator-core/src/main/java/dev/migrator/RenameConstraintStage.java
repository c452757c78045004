package dev.migrator;

import dev.migrator.operation.RenameConstraint;

/** The stages of another name for a constraint. */
final class RenameConstraintStage extends Stage implements Migration.ConstraintRenamed {

  private final RenameConstraint operation;

  RenameConstraintStage(MigrationBuilder before, RenameConstraint operation) {
    super(before, operation);
    this.operation = operation;
  }

  @Override
  public Migration.Whole inContract() {
    return new WholeStage(
        before(),
        new RenameConstraint(operation.table(), operation.name(), operation.other(), true));
  }
}
