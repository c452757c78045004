package dev.migrator;

import dev.migrator.operation.Operation;
import java.util.List;
import java.util.Set;

/** What all stages of the chain have in common: the operations so far, the last of them at hand. */
abstract sealed class Stage implements Migration.Declared
    permits WholeStage,
        ColumnChangeStage,
        NotNullStage,
        IndexStage,
        ForeignKeyStage,
        RenameConstraintStage,
        TableStage {

  private final MigrationBuilder before;

  private final List<Operation> operations;

  Stage(MigrationBuilder before, Operation operation) {
    this.before = before;
    this.operations = before.with(operation);
  }

  @Override
  public final String id() {
    return before.id();
  }

  @Override
  public final List<Operation> operations() {
    return operations;
  }

  @Override
  public final Set<String> acknowledgedFunctions() {
    return before.functions();
  }

  @Override
  public final boolean isInBackground() {
    return before.isInBackground();
  }

  @Override
  public final Phase declares() {
    Phase first = null;
    Phase last = operations.get(0).last();
    for (Operation operation : operations) {
      Phase declared = operation.declares();
      boolean ended = declared == operation.last();
      if (!ended && (first == null || first.includes(declared))) {
        first = declared;
      }
      last = operation.last().includes(last) ? operation.last() : last;
    }
    return (first == null) ? last : first;
  }

  @Override
  public final List<String> after() {
    return before.after();
  }

  @Override
  public final MigrationBuilder and() {
    return before.having(operations);
  }

  /** What came before the operation at hand, which a continuation replaces. */
  final MigrationBuilder before() {
    return before;
  }

  @Override
  public final String toString() {
    return "migration \"%s\", declared up to %s: %s".formatted(id(), declares(), operations);
  }
}
