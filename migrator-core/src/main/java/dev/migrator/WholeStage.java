package dev.migrator;

import dev.migrator.operation.Operation;

/** An operation of which nothing more can be said. */
final class WholeStage extends Stage implements Migration.Whole {

  WholeStage(MigrationBuilder before, Operation operation) {
    super(before, operation);
  }
}
