package dev.migrator.internal.operation.constraint;

import dev.migrator.TableName;
import dev.migrator.error.ErrorCode;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.AffectedObjects;
import dev.migrator.internal.operation.Definitions;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.operation.OperationFacts.Loss;
import dev.migrator.internal.operation.OperationType;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.internal.operation.ResolvedOperation;
import dev.migrator.operation.DropConstraint;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A constraint that is dropped. Nobody relies on a CHECK, and the new release may write what it
 * forbids; a unique constraint can be what ON CONFLICT of an older release names, and of a foreign
 * key it may expect the cascade.
 */
public final class DropConstraintType implements OperationType<DropConstraint> {

  @Override
  public Class<DropConstraint> operation() {
    return DropConstraint.class;
  }

  @Override
  public OperationFacts facts(DropConstraint drop) {
    return OperationFacts.of(
        List.of(
            AffectedObjects.of(drop.table(), AffectedObjects.Kind.CONSTRAINTS, List.of())
                .index(drop.name())),
        drop.declares(),
        drop.last(),
        drop.check()
            ? null
            : new Loss(
                "relies on the constraint \"%s\"".formatted(drop.name()),
                "the constraint \"%s\" of table %s".formatted(drop.name(), drop.table()),
                "dropConstraint",
                true),
        Map.of(
            drop.last(),
            Definitions.of(
                drop.check() ? "dropCheck" : "dropConstraint",
                "table",
                drop.table().toString(),
                "name",
                drop.name())));
  }

  @Override
  public ResolvedOperation resolve(DropConstraint drop, Resolution resolution) {
    TableFacts table = resolution.tables().changed(drop.table());
    if (table.partitioned()) {
      throw resolution.invalid(
          ErrorCode.PARTITIONED_UNSUPPORTED,
          "%s is partitioned, and dropping a constraint is not supported for such a table"
              .formatted(table));
    }
    TableConstraintReader reader = new TableConstraintReader(resolution);
    TableConstraint constraint = reader.read(table, drop.name()).orElse(null);
    if (constraint == null && resolution.first()) {
      throw resolution.invalid(
          ErrorCode.UNKNOWN_CONSTRAINT,
          "%s has no constraint \"%s\"; it has %s"
              .formatted(table, drop.name(), reader.names(table)));
    }
    if (constraint != null) {
      check(drop, resolution, table, constraint);
    }
    return new ResolvedConstraintDrop(
        table, drop.name(), drop.last(), constraint, parent(resolution, constraint));
  }

  private static void check(
      DropConstraint drop, Resolution resolution, TableFacts table, TableConstraint constraint) {
    String refusal =
        switch (constraint.kind()) {
          case "c" ->
              drop.check()
                  ? null
                  : "is a CHECK, on which no release relies; use dropCheck(\"%s\")"
                      .formatted(drop.name());
          case "u", "f" ->
              drop.check()
                  ? "is no CHECK; use dropConstraint(\"%s\")".formatted(drop.name())
                  : null;
          case "p" -> "is the primary key, without which rows have no identity";
          case "n" -> "is a NOT NULL; use dropNotNull";
          case "x" -> "is an exclusion constraint, which no undo could make again without blocking";
          default -> "is of a kind that cannot be dropped so";
        };
    if (refusal == null && !constraint.plain()) {
      refusal =
          "is inherited, not enforced, or for a period, and no undo could make it again as it was";
    }
    if (refusal == null && constraint.replicaIdentity()) {
      refusal = "is the replica identity; choose another one first";
    }
    if (refusal == null && !constraint.dependents().isEmpty()) {
      refusal =
          "is what others depend on: %s; drop them first"
              .formatted(String.join(", ", constraint.dependents()));
    }
    if (refusal != null) {
      throw resolution.invalid(
          ErrorCode.CONSTRAINT_NOT_DROPPABLE,
          "the constraint \"%s\" of %s %s".formatted(drop.name(), table, refusal));
    }
  }

  private static @Nullable TableFacts parent(
      Resolution resolution, @Nullable TableConstraint constraint) {
    if (constraint == null || constraint.parent().isEmpty()) {
      return null;
    }
    TableFacts parent =
        resolution
            .tables()
            .table(new TableName(constraint.parent().get(0), constraint.parent().get(1)));
    if (parent.partitioned()) {
      throw resolution.invalid(
          ErrorCode.PARTITIONED_UNSUPPORTED,
          "%s is partitioned, and dropping a foreign key that refers to such a table is not supported"
              .formatted(parent));
    }
    return parent;
  }
}
