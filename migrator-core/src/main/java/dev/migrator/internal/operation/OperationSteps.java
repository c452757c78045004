package dev.migrator.internal.operation;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.PartitionedIndex;
import dev.migrator.internal.operation.check.ResolvedCheck;
import dev.migrator.internal.operation.foreignkey.ResolvedForeignKey;
import dev.migrator.internal.operation.index.ResolvedIndex;
import dev.migrator.internal.operation.index.ResolvedIndexDrop;
import dev.migrator.internal.operation.notnull.NotNullSteps;
import dev.migrator.internal.operation.notnull.ResolvedNotNull;
import dev.migrator.internal.operation.unique.ResolvedUnique;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.internal.sql.ViolatingRows;
import dev.migrator.internal.step.Step;
import dev.migrator.internal.step.StepCodec;
import java.util.ArrayList;
import java.util.List;

/**
 * The steps of a recipe. What is there already has no step. Rows that stand in the way are counted
 * before the first DDL, in the background, since that reads the whole table.
 */
public final class OperationSteps {

  private OperationSteps() {}

  public static List<Step> of(Phase phase, ResolvedOperation recipe) {
    if (recipe instanceof ResolvedNotNull notNull) {
      return notNull(phase, notNull);
    }
    if (recipe instanceof ResolvedIndexDrop drop) {
      return (phase == Phase.CONTRACT) ? List.of(dropIndex(phase, drop)) : List.of();
    }
    if (phase != Phase.BACKFILL) {
      return List.of();
    }
    if (recipe instanceof ResolvedIndex index) {
      return index(phase, index);
    }
    if (recipe instanceof ResolvedUnique unique) {
      return unique(phase, unique);
    }
    if (recipe instanceof ResolvedCheck check) {
      return validated(
          phase,
          "check",
          check.violations(),
          new Validated(
              check.lock(),
              check.add(),
              check.undo(),
              check.validate(),
              check.present(),
              check.validated()));
    }
    if (recipe instanceof ResolvedForeignKey key) {
      return validated(
          phase,
          "foreign-key",
          key.orphans(),
          new Validated(
              key.locks(), key.add(), key.undo(), key.validate(), key.present(), key.validated()));
    }
    throw new IllegalStateException("no such recipe: " + recipe);
  }

  private static Step dropIndex(Phase phase, ResolvedIndexDrop recipe) {
    String name = "drop-index";
    if (!recipe.table().partitioned()) {
      return new Step.Index(name, phase, recipe.index(), false, null, recipe.undo());
    }
    PartitionedIndex index = recipe.partitioned().orElse(null);
    if (index == null) {
      return new Step.Ddl(name, phase, recipe.locks(), List.of(), List.of());
    }
    Step again = new Step.PartitionedIndex(name, phase, index, List.of());
    return new Step.Ddl(
        name, phase, recipe.locks(), List.of(index.drop()), StepCodec.encode(again));
  }

  private static List<Step> index(Phase phase, ResolvedIndex recipe) {
    if (recipe.table().partitioned()) {
      PartitionedIndex index = recipe.partitioned();
      List<String> undo = recipe.present() ? List.of() : List.of(index.drop());
      return List.of(new Step.PartitionedIndex("build-index", phase, index, undo));
    }
    List<Step> steps = new ArrayList<>();
    if (recipe.shape().unique() && !recipe.present()) {
      steps.add(count("count-duplicates", phase, recipe.duplicates()));
    }
    steps.add(
        new Step.Index("build-index", phase, recipe.index(), true, recipe.build(), recipe.undo()));
    return steps;
  }

  private static List<Step> unique(Phase phase, ResolvedUnique recipe) {
    List<Step> steps = new ArrayList<>();
    if (recipe.present()) {
      return steps;
    }
    if (!recipe.indexPresent()) {
      steps.add(count("count-duplicates", phase, recipe.duplicates()));
    }
    steps.add(
        new Step.Index(
            "build-index",
            phase,
            recipe.index(),
            true,
            recipe.build(),
            List.of(recipe.index().drop())));
    steps.add(
        new Step.Ddl(
            "add-unique", phase, recipe.lock(), List.of(recipe.add()), List.of(recipe.undoAdd())));
    return steps;
  }

  private static List<Step> validated(
      Phase phase, String what, ViolatingRows inTheWay, Validated constraint) {
    List<Step> steps = new ArrayList<>();
    if (!constraint.present()) {
      steps.add(count("count-violations", phase, inTheWay));
      steps.add(
          new Step.Ddl(
              "add-" + what,
              phase,
              constraint.locks(),
              List.of(constraint.add()),
              List.of(constraint.undo())));
    }
    if (!constraint.validated()) {
      steps.add(
          new Step.Validation(
              "validate-" + what, phase, List.of(constraint.validate()), List.of()));
    }
    return steps;
  }

  private static List<Step> notNull(Phase phase, ResolvedNotNull recipe) {
    List<Step> steps = new ArrayList<>();
    switch (phase) {
      case DUAL_WRITE -> {
        if (recipe.fills() && !recipe.triggerPresent()) {
          steps.add(
              new Step.Ddl(
                  "fill-writes",
                  phase,
                  recipe.triggerLock(true),
                  recipe.createTrigger(),
                  recipe.dropTrigger()));
        }
      }
      case BACKFILL -> {
        if (recipe.column().notNull()) {
          break;
        }
        if (recipe.filling() != null) {
          steps.add(new Step.Backfill("fill-rows", phase, recipe.ranges()));
        }
        steps.add(count("count-nulls", phase, recipe.nulls()));
        steps.addAll(NotNullSteps.of(phase, recipe.sql()));
      }
      case CONTRACT -> {
        if (recipe.triggerPresent()) {
          steps.add(
              new Step.Ddl(
                  "stop-filling",
                  phase,
                  recipe.triggerLock(false),
                  recipe.dropTrigger(),
                  recipe.createTrigger()));
        }
      }
      default -> {}
    }
    return steps;
  }

  private static Step count(String name, Phase phase, ViolatingRows rows) {
    return new Step.Count(name, phase, rows);
  }

  /** What the two kinds of constraints that can be validated have in common. */
  private record Validated(
      List<TableLock> locks,
      String add,
      String undo,
      String validate,
      boolean present,
      boolean validated) {}
}
