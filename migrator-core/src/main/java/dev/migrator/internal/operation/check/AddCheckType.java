package dev.migrator.internal.operation.check;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.ConstraintFacts;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.AffectedObjects;
import dev.migrator.internal.operation.Definitions;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.operation.OperationType;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.operation.AddCheck;
import java.util.List;
import java.util.Map;

/** A new CHECK constraint. */
public final class AddCheckType implements OperationType<AddCheck> {

  @Override
  public Class<AddCheck> operation() {
    return AddCheck.class;
  }

  @Override
  public OperationFacts facts(AddCheck check) {
    return OperationFacts.of(
        List.of(
            AffectedObjects.of(
                check.table(), AffectedObjects.Kind.CONSTRAINTS, List.of(), check.expression())),
        check.declares(),
        check.last(),
        null,
        Map.of(
            Phase.BACKFILL,
            Definitions.of(
                "addCheck",
                "table",
                check.table().toString(),
                "name",
                check.name(),
                "expression",
                Definitions.normalized(check.expression()))));
  }

  @Override
  public ResolvedCheck resolve(AddCheck check, Resolution resolution) {
    TableFacts table = resolution.tables().changed(check.table());
    if (table.partitioned() && resolution.first()) {
      resolution
          .partitions()
          .refuseOwn(
              table, resolution.partitions().reader().constraints(table.oid(), check.name()));
    }
    List<String> wanted = resolution.tableClone().check(table, check.name(), check.expression());
    ConstraintFacts present =
        resolution.constraints().constraint(table.oid(), check.name()).orElse(null);
    if (present != null && !present.definition().equals(wanted.get(0))) {
      throw resolution.tables().taken("constraint", check.name(), table, present.definition());
    }
    return new ResolvedCheck(
        table,
        check.name(),
        wanted.get(0),
        wanted.get(1),
        present != null,
        present != null && present.validated());
  }
}
