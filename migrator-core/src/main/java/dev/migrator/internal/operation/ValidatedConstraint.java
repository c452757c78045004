package dev.migrator.internal.operation;

import dev.migrator.Phase;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.internal.sql.ViolatingRows;
import dev.migrator.internal.step.CountStep;
import dev.migrator.internal.step.Step;
import dev.migrator.internal.step.StepInfo;
import dev.migrator.internal.step.TransactionStep;
import dev.migrator.internal.step.ValidationStep;
import java.util.ArrayList;
import java.util.List;

/**
 * What the constraints have in common that can be validated: added for new rows only, then
 * validated beside the running application. Rows that violate it are counted before the first DDL,
 * in the background, since that reads the whole table.
 *
 * @param what what it is, as the names of the steps say it
 * @param locks the locks that adding it needs
 * @param undoLocks the locks that dropping it needs
 * @param add adds it
 * @param drop drops it
 * @param validate validates it
 * @param violations the rows that violate it
 */
public record ValidatedConstraint(
    String what,
    List<TableLock> locks,
    List<TableLock> undoLocks,
    String add,
    String drop,
    String validate,
    ViolatingRows violations) {

  /** The steps that are left to do. */
  public List<Step> steps(Phase phase, boolean present, boolean validated) {
    List<Step> steps = new ArrayList<>();
    if (!present) {
      steps.add(new CountStep(StepInfo.of("count-violations", phase), violations));
      steps.add(
          TransactionStep.of(
              StepInfo.of("add-" + what, phase), locks, List.of(add), undoLocks, List.of(drop)));
    }
    if (!validated) {
      steps.add(new ValidationStep(StepInfo.of("validate-" + what, phase), List.of(validate)));
    }
    return steps;
  }
}
