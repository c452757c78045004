package dev.migrator.internal.operation.index;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.IndexShape;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.AffectedObjects;
import dev.migrator.internal.operation.AffectedObjects.Kind;
import dev.migrator.internal.operation.Definitions;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.operation.OperationType;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.IndexName;
import dev.migrator.operation.AddIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A new index. */
public final class AddIndexType implements OperationType<AddIndex> {

  @Override
  public Class<AddIndex> operation() {
    return AddIndex.class;
  }

  @Override
  public OperationFacts facts(AddIndex index) {
    List<String> columns = new ArrayList<>(index.columns());
    columns.addAll(index.included());
    return OperationFacts.of(
        List.of(
            AffectedObjects.of(
                    index.table(),
                    index.unique() ? Kind.KEY : Kind.CONSTRAINTS,
                    columns,
                    index.expressions(),
                    index.predicate())
                .index(index.name())),
        index.declares(),
        index.last(),
        null,
        Map.of(
            Phase.BACKFILL,
            Definitions.of(
                "addIndex",
                "table",
                index.table().toString(),
                "name",
                index.name(),
                "unique",
                index.unique(),
                "method",
                index.method(),
                "columns",
                index.columns(),
                "expressions",
                Definitions.normalized(index.expressions()),
                "include",
                index.included(),
                "where",
                Definitions.normalized(index.predicate()))));
  }

  @Override
  public ResolvedIndex resolve(AddIndex index, Resolution resolution) {
    TableFacts table = resolution.tables().changed(index.table());
    if (table.partitioned() && index.unique()) {
      throw resolution.partitions().unsupported(table);
    }
    index.columns().forEach(it -> resolution.tables().column(table, it));
    IndexShape shape =
        resolution
            .tableClone()
            .index(
                table, "index \"%s\"".formatted(index.name()), index.unique(), definition(index));
    IndexName name = new IndexName(table.schema(), index.name());
    ResolvedIndex resolved =
        new ResolvedIndex(table, name, shape, IndexPresence.check(resolution, name, shape, table));
    if (table.partitioned() && resolution.first() && !resolved.present()) {
      resolution.partitions().check(table, resolved.partitioned());
    }
    return resolved;
  }

  /** As it stands behind USING. */
  private static String definition(AddIndex index) {
    String on =
        (index.expressions() == null) ? Identifiers.quoteAll(index.columns()) : index.expressions();
    String include =
        index.included().isEmpty()
            ? ""
            : " INCLUDE (" + Identifiers.quoteAll(index.included()) + ")";
    String where = (index.predicate() == null) ? "" : " WHERE " + index.predicate();
    return Identifiers.quote(index.method()) + " (" + on + ")" + include + where;
  }
}
