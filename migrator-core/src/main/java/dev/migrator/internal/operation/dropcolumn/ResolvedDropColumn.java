package dev.migrator.internal.operation.dropcolumn;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.ResolvedOperation;
import dev.migrator.internal.operation.Violations;
import dev.migrator.internal.operation.notnull.NotNullSql;
import dev.migrator.internal.operation.notnull.NotNullSteps;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.ObjectNames;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.internal.sql.ViolatingRows;
import dev.migrator.internal.step.CountStep;
import dev.migrator.internal.step.Gate;
import dev.migrator.internal.step.PhaseSteps;
import dev.migrator.internal.step.Step;
import dev.migrator.internal.step.StepInfo;
import dev.migrator.internal.step.TransactionStep;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column that goes.
 *
 * @param column its literal name
 * @param names what the engine calls what it makes
 * @param notNull how it becomes NOT NULL again; {@code null} if an insert can leave it out as it is
 */
public record ResolvedDropColumn(
    TableFacts table, String column, ObjectNames names, @Nullable NotNullSql notNull)
    implements ResolvedOperation {

  @Override
  public PhaseSteps steps(Phase phase) {
    return switch (phase) {
      case EXPAND ->
          (notNull == null)
              ? PhaseSteps.NONE
              : PhaseSteps.of(
                  new TransactionStep(
                      StepInfo.of("leave-column-out", phase).undo(notNullAgain(phase, notNull)),
                      lock(),
                      notNull.undoSet()));
      case CONTRACT -> contract(phase);
      case DUAL_WRITE, BACKFILL, SWITCH_READ -> PhaseSteps.NONE;
    };
  }

  /** The same steps whether it is retired already or not: what is done is recorded as done. */
  private PhaseSteps contract(Phase phase) {
    String retired = names.retired(0);
    return PhaseSteps.of(
        List.of(
            TransactionStep.of(
                StepInfo.of("retire-column", phase).gate(Gate.CONTRACT).reshaping(),
                lock(),
                List.of(rename(column, retired)),
                lock(),
                List.of(rename(retired, column))),
            new TransactionStep(
                StepInfo.of("drop-retired-column", phase).gate(Gate.RETENTION).reshaping(),
                lock(),
                List.of(
                    "ALTER TABLE %s DROP COLUMN IF EXISTS %s"
                        .formatted(table.quoted(), Identifiers.quote(retired))))));
  }

  private List<Step> notNullAgain(Phase phase, NotNullSql sql) {
    List<Step> steps = new ArrayList<>();
    steps.add(new CountStep(StepInfo.undoing("count-nulls", phase), nulls()));
    NotNullSteps.of(phase, sql).stream()
        .map(it -> it.with(StepInfo.undoing(it.name(), it.phase())))
        .forEach(steps::add);
    return steps;
  }

  private ViolatingRows nulls() {
    String rows = "FROM %s WHERE %s IS NULL".formatted(table.quoted(), Identifiers.quote(column));
    return Violations.of(
        rows,
        "rows of %s were written without \"%s\", which was NOT NULL; give them a value, then give the command RETRY"
            .formatted(table, column));
  }

  private List<TableLock> lock() {
    return List.of(new TableLock(table.quoted(), TableLock.Mode.ACCESS_EXCLUSIVE));
  }

  private String rename(String from, String to) {
    return "ALTER TABLE %s RENAME COLUMN %s TO %s"
        .formatted(table.quoted(), Identifiers.quote(from), Identifiers.quote(to));
  }
}
