package dev.migrator.internal.plan;

import dev.migrator.AddCheck;
import dev.migrator.AddForeignKey;
import dev.migrator.AddIndex;
import dev.migrator.AddUnique;
import dev.migrator.DropIndex;
import dev.migrator.Phase;
import dev.migrator.Recipe;
import dev.migrator.SetNotNull;

/**
 * What a recipe means, phase by phase. A phase without steps means nothing, so that a recipe can be
 * changed as long as none of its steps has begun.
 */
final class OperationDefinition {

  static final String STOP_FILLING = "stop filling";

  private OperationDefinition() {}

  static String of(Recipe recipe, Phase phase) {
    String table = "table " + recipe.table() + ", ";
    if (recipe instanceof SetNotNull notNull) {
      return notNull(notNull, phase, table);
    }
    if (recipe instanceof DropIndex drop) {
      return (phase == Phase.CONTRACT) ? table + "drop index \"%s\"".formatted(drop.name()) : "";
    }
    return (phase == Phase.BACKFILL) ? table + added(recipe) : "";
  }

  private static String notNull(SetNotNull recipe, Phase phase, String table) {
    String filling = recipe.fillNullsWith();
    return switch (phase) {
      case DUAL_WRITE ->
          (filling == null)
              ? ""
              : table
                  + "fill \"%s\" with %s"
                      .formatted(recipe.column(), Definition.normalised(filling));
      case BACKFILL -> table + "set \"%s\" not null".formatted(recipe.column());
      case CONTRACT -> STOP_FILLING;
      case EXPAND, SWITCH_READ -> "";
    };
  }

  private static String added(Recipe recipe) {
    if (recipe instanceof AddCheck check) {
      return "check \"%s\" %s".formatted(check.name(), Definition.normalised(check.expression()));
    }
    if (recipe instanceof AddForeignKey key) {
      return "foreign key \"%s\" %s references %s %s on delete %s"
          .formatted(key.name(), key.columns(), key.parent(), key.parentColumns(), key.onDelete());
    }
    if (recipe instanceof AddUnique unique) {
      return "unique \"%s\" %s".formatted(unique.name(), unique.columns());
    }
    if (recipe instanceof AddIndex index) {
      return "%sindex \"%s\" using %s on %s%s%s"
          .formatted(
              index.isUnique() ? "unique " : "",
              index.name(),
              index.method(),
              (index.expressions() == null)
                  ? index.columns()
                  : Definition.normalised(index.expressions()),
              index.included().isEmpty() ? "" : " include " + index.included(),
              (index.predicate() == null)
                  ? ""
                  : " where " + Definition.normalised(index.predicate()));
    }
    throw new IllegalStateException("no such recipe: " + recipe);
  }
}
