package dev.migrator.internal.operation.table;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.ResolvedOperation;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.internal.step.Gate;
import dev.migrator.internal.step.PhaseSteps;
import dev.migrator.internal.step.Step;
import dev.migrator.internal.step.StepInfo;
import dev.migrator.internal.step.TransactionStep;
import dev.migrator.internal.step.ValidationStep;
import java.util.ArrayList;
import java.util.List;

/**
 * A table that goes.
 *
 * @param name its name while it is in use
 * @param retired its name between the contract and the drop
 * @param keys the foreign keys by which it refers to other tables
 */
record ResolvedTableDrop(TableFacts table, String name, String retired, List<OutgoingKey> keys)
    implements ResolvedOperation {

  ResolvedTableDrop {
    keys = List.copyOf(keys);
  }

  @Override
  public PhaseSteps steps(Phase phase) {
    if (phase != Phase.CONTRACT) {
      return PhaseSteps.NONE;
    }
    return PhaseSteps.of(
        List.of(
            new TransactionStep(
                StepInfo.of("retire-table", phase).gate(Gate.CONTRACT).undo(undo(phase)),
                locks(TableLock.Mode.ACCESS_EXCLUSIVE, inUse()),
                retire()),
            new TransactionStep(
                StepInfo.of("drop-retired-table", phase).gate(Gate.RETENTION),
                List.of(new TableLock(putAside(), TableLock.Mode.ACCESS_EXCLUSIVE)),
                List.of("DROP TABLE IF EXISTS " + putAside()))));
  }

  /**
   * Puts the table out of use with its data intact. Its foreign keys would go on to hold the rows
   * of other tables that it refers to, or delete its own.
   */
  private List<String> retire() {
    List<String> sql = new ArrayList<>();
    keys.forEach(it -> sql.add(it.drop(inUse())));
    sql.add("ALTER TABLE %s RENAME TO %s".formatted(inUse(), Identifiers.quote(retired)));
    return sql;
  }

  /** What it referred to may be gone meanwhile: only the validation finds that. */
  private List<Step> undo(Phase phase) {
    List<String> sql = new ArrayList<>();
    sql.add("ALTER TABLE %s RENAME TO %s".formatted(putAside(), Identifiers.quote(name)));
    keys.forEach(it -> sql.addAll(it.addAgain(inUse())));
    List<Step> steps = new ArrayList<>();
    steps.add(
        new TransactionStep(
            StepInfo.undoing("retire-table", phase),
            locks(TableLock.Mode.SHARE_ROW_EXCLUSIVE, putAside()),
            sql));
    List<String> validations =
        keys.stream().filter(OutgoingKey::validated).map(it -> it.validate(inUse())).toList();
    if (!validations.isEmpty()) {
      steps.add(new ValidationStep(StepInfo.undoing("validate-foreign-keys", phase), validations));
    }
    return steps;
  }

  /** The tables it refers to first, as a foreign key is added. */
  private List<TableLock> locks(TableLock.Mode ofParents, String own) {
    List<TableLock> locks = new ArrayList<>();
    keys.stream()
        .map(OutgoingKey::parent)
        .distinct()
        .sorted()
        .forEach(it -> locks.add(new TableLock(it, ofParents)));
    locks.add(new TableLock(own, TableLock.Mode.ACCESS_EXCLUSIVE));
    return locks;
  }

  private String inUse() {
    return Identifiers.quote(table.schema(), name);
  }

  private String putAside() {
    return Identifiers.quote(table.schema(), retired);
  }
}
