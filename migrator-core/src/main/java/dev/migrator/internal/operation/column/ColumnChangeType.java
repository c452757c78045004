package dev.migrator.internal.operation.column;

import dev.migrator.DualWrite;
import dev.migrator.Phase;
import dev.migrator.ReadTime;
import dev.migrator.Sync;
import dev.migrator.internal.operation.AffectedObjects;
import dev.migrator.internal.operation.Definitions;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.operation.OperationFacts.Loss;
import dev.migrator.internal.operation.OperationFacts.Sides;
import dev.migrator.internal.operation.OperationType;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.internal.operation.ResolvedOperation;
import dev.migrator.operation.ColumnChange;
import dev.migrator.operation.NewColumn;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A change of columns by expand and contract. */
public final class ColumnChangeType implements OperationType<ColumnChange> {

  @Override
  public Class<ColumnChange> operation() {
    return ColumnChange.class;
  }

  @Override
  public ResolvedOperation resolve(ColumnChange change, Resolution resolution) {
    return new ColumnChangeResolver(resolution).resolve(change);
  }

  @Override
  public OperationFacts facts(ColumnChange change) {
    Sync sync = change.sync();
    List<String> added = new ArrayList<>();
    for (NewColumn column : change.newColumns()) {
      added.add(column.name());
    }
    List<String> old = (sync == null) ? List.of() : sync.oldColumns();
    List<String> columns = new ArrayList<>(added);
    columns.addAll(old);
    boolean byApplication = change.dualWrite() == DualWrite.BY_APPLICATION;
    boolean atRuntime = change.readTime() == ReadTime.AT_RUNTIME;
    // Columns without an old side are added to be used.
    boolean readsNew =
        sync == null || (change.declares().includes(Phase.SWITCH_READ) && !atRuntime);
    return new OperationFacts(
        List.of(AffectedObjects.of(change.table(), AffectedObjects.Kind.COLUMNS, columns)),
        change.declares(),
        change.last(),
        needed(change, readsNew, byApplication),
        new Sides(change.table().name(), old, added, byApplication, readsNew, atRuntime),
        (sync == null)
            ? null
            : new Loss(
                "uses the old side",
                "%s of table %s".formatted(old, change.table()),
                "dropColumn",
                true),
        definition(change));
  }

  private static Phase needed(ColumnChange change, boolean readsNew, boolean byApplication) {
    if (readsNew) {
      return OperationFacts.earlier(change.declares(), Phase.SWITCH_READ);
    }
    // Who writes both sides itself needs nothing of the database beyond its columns.
    boolean writesNew = byApplication && change.declares().includes(Phase.DUAL_WRITE);
    return writesNew ? Phase.EXPAND : OperationFacts.earlier(change.declares(), Phase.DUAL_WRITE);
  }

  private static Map<Phase, Map<String, Object>> definition(ColumnChange change) {
    Map<Phase, Map<String, Object>> definition = new EnumMap<>(Phase.class);
    String table = change.table().toString();
    definition.put(
        Phase.EXPAND, Definitions.of("addColumns", "table", table, "columns", columns(change)));
    Sync sync = change.sync();
    if (sync == null) {
      return definition;
    }
    definition.put(
        Phase.DUAL_WRITE,
        Definitions.of(
            "keepInStep",
            "table",
            table,
            "old",
            sync.oldColumns(),
            "new",
            sync.newColumns(),
            "byApplication",
            change.dualWrite() == DualWrite.BY_APPLICATION,
            "compute",
            transforms(sync)));
    definition.put(Phase.BACKFILL, Definitions.of("backfill", "table", table));
    definition.put(Phase.SWITCH_READ, Definitions.of("switchRead", "table", table));
    definition.put(
        Phase.CONTRACT,
        Definitions.of("dropColumns", "table", table, "columns", sync.oldColumns()));
    for (Phase phase : Phase.values()) {
      if (!change.declares().includes(phase)) {
        definition.remove(phase);
      }
    }
    return definition;
  }

  private static List<Map<String, Object>> columns(ColumnChange change) {
    List<Map<String, Object>> columns = new ArrayList<>();
    for (NewColumn column : change.newColumns()) {
      columns.add(column(column));
    }
    return columns;
  }

  private static Map<String, Object> column(NewColumn column) {
    String type = Definitions.normalized(column.type());
    return (type == null)
        ? Map.of("name", column.name())
        : Map.of("name", column.name(), "type", type.toLowerCase(Locale.ROOT));
  }

  private static Map<String, Object> transforms(Sync sync) {
    Map<String, Object> transforms = new LinkedHashMap<>();
    for (Map.Entry<String, String> transform : sync.transforms().entrySet()) {
      transforms.put(
          transform.getKey(), String.valueOf(Definitions.normalized(transform.getValue())));
    }
    return transforms;
  }
}
