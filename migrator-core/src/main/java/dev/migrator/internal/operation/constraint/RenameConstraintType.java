package dev.migrator.internal.operation.constraint;

import dev.migrator.error.ErrorCode;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.AffectedObjects;
import dev.migrator.internal.operation.Definitions;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.operation.OperationFacts.Loss;
import dev.migrator.internal.operation.OperationType;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.internal.operation.ResolvedOperation;
import dev.migrator.internal.sql.IndexName;
import dev.migrator.operation.RenameConstraint;
import java.util.List;
import java.util.Map;

/**
 * Another name for a constraint. An older release may name a key in ON CONFLICT ON CONSTRAINT, so
 * the name of such a one changes in the contract.
 */
public final class RenameConstraintType implements OperationType<RenameConstraint> {

  @Override
  public Class<RenameConstraint> operation() {
    return RenameConstraint.class;
  }

  @Override
  public OperationFacts facts(RenameConstraint rename) {
    AffectedObjects affected =
        AffectedObjects.of(rename.table(), AffectedObjects.Kind.CONSTRAINTS, List.of());
    return OperationFacts.of(
        List.of(affected.index(rename.name()), affected.index(rename.other())),
        rename.declares(),
        rename.last(),
        rename.contract()
            ? new Loss(
                "names the constraint \"%s\"".formatted(rename.name()),
                "the name \"%s\" of a constraint of table %s"
                    .formatted(rename.name(), rename.table()),
                "renameConstraint",
                true)
            : null,
        Map.of(
            rename.last(),
            Definitions.of(
                "renameConstraint",
                "table",
                rename.table().toString(),
                "name",
                rename.name(),
                "to",
                rename.other())));
  }

  @Override
  public ResolvedOperation resolve(RenameConstraint rename, Resolution resolution) {
    TableFacts table = resolution.tables().changed(rename.table());
    if (table.partitioned()) {
      throw resolution.invalid(
          ErrorCode.PARTITIONED_UNSUPPORTED,
          "%s is partitioned, and renaming a constraint is not supported for such a table"
              .formatted(table));
    }
    TableConstraintReader reader = new TableConstraintReader(resolution);
    TableConstraint constraint = reader.read(table, rename.name()).orElse(null);
    boolean taken = reader.read(table, rename.other()).isPresent();
    if (constraint == null && !taken && resolution.first()) {
      throw resolution.invalid(
          ErrorCode.UNKNOWN_CONSTRAINT,
          "%s has no constraint \"%s\"; it has %s"
              .formatted(table, rename.name(), reader.names(table)));
    }
    if (constraint != null) {
      check(rename, resolution, table, constraint, taken);
    }
    return new ResolvedConstraintRename(table, rename, constraint == null);
  }

  private static void check(
      RenameConstraint rename,
      Resolution resolution,
      TableFacts table,
      TableConstraint constraint,
      boolean taken) {
    if (constraint.isArbiter() && !rename.contract()) {
      throw resolution.invalid(
          ErrorCode.RENAME_BREAKS_OLD_RELEASES,
          "the constraint \"%s\" of %s is a key, which an older release may name in ON CONFLICT ON CONSTRAINT; append inContract(), so that it waits for those"
              .formatted(rename.name(), table));
    }
    IndexName other = new IndexName(table.schema(), rename.other());
    boolean index =
        constraint.isArbiter()
            && resolution
                .constraints()
                .pinned(() -> resolution.constraints().index(other).isPresent());
    if (taken || index) {
      throw resolution.invalid(
          ErrorCode.NAME_TAKEN,
          "the name \"%s\" is taken %s; choose another name"
              .formatted(rename.other(), taken ? "at " + table : "in schema " + table.schema()));
    }
  }
}
