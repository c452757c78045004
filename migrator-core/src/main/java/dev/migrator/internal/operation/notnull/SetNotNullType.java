package dev.migrator.internal.operation.notnull;

import dev.migrator.Phase;
import dev.migrator.error.ErrorCode;
import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.catalog.RefusedByServerException;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.AffectedObjects;
import dev.migrator.internal.operation.Definitions;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.operation.OperationFacts.Loss;
import dev.migrator.internal.operation.OperationType;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.operation.SetNotNull;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A column becomes NOT NULL. */
public final class SetNotNullType implements OperationType<SetNotNull> {

  @Override
  public Class<SetNotNull> operation() {
    return SetNotNull.class;
  }

  @Override
  public OperationFacts facts(SetNotNull notNull) {
    String filling = notNull.fillNullsWith();
    return OperationFacts.of(
        List.of(
            AffectedObjects.of(
                notNull.table(),
                AffectedObjects.Kind.CONSTRAINTS,
                List.of(notNull.column()),
                filling)),
        notNull.declares(),
        notNull.last(),
        (filling == null)
            ? null
            : new Loss("leaves NULLs to be filled", "the filling of NULLs", "stopFilling", true),
        definition(notNull));
  }

  private static Map<Phase, Map<String, Object>> definition(SetNotNull notNull) {
    Map<Phase, Map<String, Object>> definition = new EnumMap<>(Phase.class);
    String table = notNull.table().toString();
    if (notNull.fillNullsWith() != null) {
      definition.put(
          Phase.DUAL_WRITE,
          Definitions.of(
              "fillNulls",
              "table",
              table,
              "column",
              notNull.column(),
              "with",
              Definitions.normalized(notNull.fillNullsWith())));
    }
    definition.put(
        Phase.BACKFILL, Definitions.of("setNotNull", "table", table, "column", notNull.column()));
    if (notNull.stopFilling()) {
      definition.put(
          Phase.CONTRACT,
          Definitions.of("stopFilling", "table", table, "column", notNull.column()));
    }
    return definition;
  }

  @Override
  public ResolvedNotNull resolve(SetNotNull notNull, Resolution resolution) {
    TableFacts table = resolution.tables().changed(notNull.table());
    if (table.partitioned() && resolution.first()) {
      resolution
          .partitions()
          .refuseOwn(
              table, resolution.partitions().reader().notNull(table.oid(), notNull.column()));
    }
    ColumnFacts column = resolution.tables().column(table, notNull.column());
    String expression = notNull.fillNullsWith();
    NullFillingSql filling = null;
    if (expression != null) {
      if (resolution.first()) {
        resolution.tables().requireReplicaIdentity(table);
      }
      String meant = resolution.meant(expression, column.name());
      NullFillingSql declared = filling(resolution, table, column, meant);
      if (!column.notNull()) {
        check(resolution, table, column, meant, declared);
      }
      filling =
          filling(resolution, table, column, qualified(resolution, column, expression, declared));
    }
    return new ResolvedNotNull(
        table,
        column,
        new NotNullReader(resolution.database()).read(table, column.name(), resolution.names()),
        filling,
        resolution
            .constraints()
            .hasTrigger(table.oid(), NullFillingSql.triggerName(resolution.names())));
  }

  private static NullFillingSql filling(
      Resolution resolution, TableFacts table, ColumnFacts column, String expression) {
    return new NullFillingSql(
        table, column, expression, resolution.names(), resolution.catalog().searchPath());
  }

  private static String qualified(
      Resolution resolution, ColumnFacts column, String expression, NullFillingSql declared) {
    return resolution.qualified(
        expression,
        column.name(),
        declared.source(),
        it -> {
          try {
            plan(resolution, column, declared.with(it));
            return true;
          } catch (RefusedByServerException ex) {
            return false;
          }
        });
  }

  private static void plan(Resolution resolution, ColumnFacts column, NullFillingSql filling) {
    resolution
        .tableClone()
        .plan(
            "filling of \"%s\" (%s)".formatted(column.name(), column.type()),
            filling.table(),
            List.of(filling.probe()),
            clone -> List.of(filling.probeUpdate(clone)));
  }

  private static void check(
      Resolution resolution,
      TableFacts table,
      ColumnFacts column,
      String expression,
      NullFillingSql filling) {
    if (column.kind() != ColumnFacts.Kind.PLAIN) {
      throw resolution.invalid(
          ErrorCode.COLUMN_UNSUITABLE,
          "the column \"%s\" of %s is a generated column, which nothing can fill"
              .formatted(column.name(), table));
    }
    plan(resolution, column, filling);
    if (filling.mentioned().isEmpty()) {
      boolean unique =
          resolution.constraints().keys(table.oid()).stream()
              .anyMatch(it -> it.equals(List.of(column.name())));
      new ConstantFillingCheck(resolution, table, column).check(expression, unique);
    }
  }
}
