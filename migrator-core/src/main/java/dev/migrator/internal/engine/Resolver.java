package dev.migrator.internal.engine;

import dev.migrator.ColumnChange;
import dev.migrator.Phase;
import dev.migrator.Recipe;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.operation.OperationResolver;
import dev.migrator.internal.operation.OperationSteps;
import dev.migrator.internal.operation.ResolvedOperation;
import dev.migrator.internal.operation.column.ColumnChangeResolver;
import dev.migrator.internal.operation.column.ColumnChangeSteps;
import dev.migrator.internal.operation.column.ResolvedColumnChange;
import dev.migrator.internal.operation.column.UndoContractSteps;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.step.Step;
import java.util.List;

/** The way from a declaration to the steps of a phase. Changes nothing. */
final class Resolver {

  private final ColumnChangeResolver changes;

  private final OperationResolver recipes;

  Resolver(Database database) {
    this.changes = new ColumnChangeResolver(database);
    this.recipes = new OperationResolver(database);
  }

  /**
   * Holds a declaration against the database.
   *
   * @throws InvalidMigrationException if it cannot be carried out
   */
  PhaseSteps work(Declaration declaration, Phase phase) {
    boolean first = phase == Phase.EXPAND;
    if (declaration.change() instanceof ColumnChange columns) {
      ResolvedColumnChange change = changes.resolve(declaration, columns, first);
      List<Step> back = (phase == Phase.CONTRACT) ? UndoContractSteps.of(change) : List.of();
      return new PhaseSteps(
          change.table().quoted(), change.table().oid(), ColumnChangeSteps.of(phase, change), back);
    }
    ResolvedOperation recipe = recipes.resolve(declaration, (Recipe) declaration.change(), first);
    return new PhaseSteps(
        recipe.table().quoted(), recipe.table().oid(), OperationSteps.of(phase, recipe), List.of());
  }
}
