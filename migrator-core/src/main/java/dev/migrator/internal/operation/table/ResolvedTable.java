package dev.migrator.internal.operation.table;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.ResolvedOperation;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.internal.sql.ViolatingRows;
import dev.migrator.internal.step.CountStep;
import dev.migrator.internal.step.PhaseSteps;
import dev.migrator.internal.step.Step;
import dev.migrator.internal.step.StepInfo;
import dev.migrator.internal.step.TransactionStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A new table.
 *
 * @param table what it will be
 * @param shape what it consists of
 * @param keys its foreign keys
 * @param present whether it is there already
 */
record ResolvedTable(TableFacts table, TableShape shape, List<NewKey> keys, boolean present)
    implements ResolvedOperation {

  ResolvedTable {
    keys = List.copyOf(keys);
  }

  @Override
  public PhaseSteps steps(Phase phase) {
    if (phase != Phase.EXPAND || present) {
      return PhaseSteps.NONE;
    }
    StepInfo info = StepInfo.of("create-table", phase).undo(undo(phase));
    return PhaseSteps.of(
        new TransactionStep(info, locks(TableLock.Mode.SHARE_ROW_EXCLUSIVE), create()));
  }

  /** The tables that it refers to, which a foreign key locks against writes for a moment. */
  private List<TableLock> locks(TableLock.Mode mode) {
    return keys.stream()
        .map(NewKey::parent)
        .filter(Objects::nonNull)
        .distinct()
        .sorted()
        .map(it -> new TableLock(it, mode))
        .toList();
  }

  private List<String> create() {
    List<String> elements = new ArrayList<>();
    shape.columns().forEach(it -> elements.add(it.definition()));
    shape.constraints().forEach(it -> elements.add(it.definition()));
    keys.forEach(it -> elements.add(it.definition(table.quoted())));
    List<String> sql = new ArrayList<>();
    sql.add("CREATE TABLE %s (%s)".formatted(table.quoted(), String.join(", ", elements)));
    for (TableShape.Column column : shape.columns()) {
      if (column.comment() != null) {
        sql.add(TableTrial.comment(table.quoted(), column.name(), column.comment()));
      }
    }
    if (shape.comment() != null) {
      sql.add(
          "COMMENT ON TABLE %s IS %s"
              .formatted(table.quoted(), Identifiers.literal(shape.comment())));
    }
    return sql;
  }

  /**
   * No row is lost: they are counted first, and looked for again under the lock, as a client that
   * is not registered may write one in between.
   */
  private List<Step> undo(Phase phase) {
    String refusal =
        "rows of %s would be lost with it; copy them elsewhere and delete them, then give the command RETRY"
            .formatted(table);
    List<TableLock> locks = new ArrayList<>(locks(TableLock.Mode.ACCESS_EXCLUSIVE));
    locks.add(new TableLock(table.quoted(), TableLock.Mode.ACCESS_EXCLUSIVE));
    String guard =
        """
        BEGIN
          IF EXISTS (SELECT FROM %s) THEN
            RAISE EXCEPTION USING ERRCODE = '55000', MESSAGE = %s;
          END IF;
        END"""
            .formatted(table.quoted(), Identifiers.literal(refusal));
    return List.of(
        new CountStep(
            StepInfo.undoing("count-rows", phase),
            new ViolatingRows("SELECT count(*) FROM " + table.quoted(), refusal)),
        new TransactionStep(
            StepInfo.undoing("create-table", phase),
            locks,
            List.of("DO " + Identifiers.literal(guard), "DROP TABLE IF EXISTS " + table.quoted())));
  }
}
