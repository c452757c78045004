package dev.migrator.internal.operation.notnull;

import dev.migrator.Phase;
import dev.migrator.internal.step.Step;
import dev.migrator.internal.step.StepInfo;
import dev.migrator.internal.step.TransactionStep;
import dev.migrator.internal.step.ValidationStep;
import java.util.List;

/**
 * NOT NULL without a scan under a lock that anybody notices: something that is enforced for new
 * rows only, and its validation beside the running application. From PostgreSQL 18 on that is the
 * NOT NULL itself; before, it is a CHECK, from which SET NOT NULL then knows that no row has NULL.
 */
public final class NotNullSteps {

  private NotNullSteps() {}

  public static List<Step> of(Phase phase, NotNullSql sql) {
    if (sql.asConstraint()) {
      // Other names than below: what was validated there is not what is to be validated here.
      return List.of(
          transaction("add-not-null", phase, sql, sql.add(), sql.undoAdd()),
          new ValidationStep(
              StepInfo.of("validate-added-not-null", phase), List.of(sql.validate())));
    }
    return List.of(
        transaction("check-not-null", phase, sql, sql.add(), sql.undoAdd()),
        new ValidationStep(StepInfo.of("validate-not-null", phase), List.of(sql.validate())),
        transaction("set-not-null", phase, sql, sql.set(), sql.undoSet()));
  }

  private static Step transaction(
      String name, Phase phase, NotNullSql sql, List<String> statements, List<String> undo) {
    return TransactionStep.of(StepInfo.of(name, phase), sql.lock(), statements, sql.lock(), undo);
  }
}
