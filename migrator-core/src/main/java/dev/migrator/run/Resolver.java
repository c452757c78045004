package dev.migrator.run;

import dev.migrator.ColumnChange;
import dev.migrator.InvalidMigrationException;
import dev.migrator.Phase;
import dev.migrator.Recipe;
import dev.migrator.plan.ColumnChangeSteps;
import dev.migrator.plan.Declaration;
import dev.migrator.plan.RecipeSteps;
import dev.migrator.plan.Step;
import dev.migrator.plan.UndoContractSteps;
import dev.migrator.postgres.Database;
import dev.migrator.postgres.ResolvedChange;
import dev.migrator.postgres.ResolvedRecipe;
import java.util.List;

/** The way from a declaration to the steps of a phase. Changes nothing. */
final class Resolver {

  private final ChangeResolver changes;

  private final RecipeResolver recipes;

  Resolver(Database database) {
    this.changes = new ChangeResolver(database);
    this.recipes = new RecipeResolver(database);
  }

  /**
   * Holds a declaration against the database.
   *
   * @throws InvalidMigrationException if it cannot be carried out
   */
  PhaseWork work(Declaration declaration, Phase phase) {
    boolean first = phase == Phase.EXPAND;
    if (declaration.change() instanceof ColumnChange columns) {
      ResolvedChange change = changes.resolve(declaration, columns, first);
      List<Step> back = (phase == Phase.CONTRACT) ? UndoContractSteps.of(change) : List.of();
      return new PhaseWork(
          change.table().quoted(), change.table().oid(), ColumnChangeSteps.of(phase, change), back);
    }
    ResolvedRecipe recipe = recipes.resolve(declaration, (Recipe) declaration.change(), first);
    return new PhaseWork(
        recipe.table().quoted(), recipe.table().oid(), RecipeSteps.of(phase, recipe), List.of());
  }
}
