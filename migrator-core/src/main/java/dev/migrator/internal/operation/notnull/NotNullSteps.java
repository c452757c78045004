package dev.migrator.internal.operation.notnull;

import dev.migrator.Phase;
import dev.migrator.internal.step.Step;
import java.util.List;

/**
 * NOT NULL without a scan under a lock that anybody notices: something that is enforced for new
 * rows only, and its validation beside the running application. From PostgreSQL 18 on that is the
 * NOT NULL itself; before, it is a CHECK, in which SET NOT NULL then finds its proof.
 */
public final class NotNullSteps {

  private NotNullSteps() {}

  public static List<Step> of(Phase phase, NotNullSql sql) {
    if (sql.asConstraint()) {
      // Other names than below: what was validated there is not what is to be validated here.
      return List.of(
          new Step.Ddl("add-not-null", phase, sql.lock(), sql.add(), sql.undoAdd()),
          new Step.Validation(
              "validate-added-not-null", phase, List.of(sql.validate()), List.of()));
    }
    return List.of(
        new Step.Ddl("check-not-null", phase, sql.lock(), sql.add(), sql.undoAdd()),
        new Step.Validation("validate-not-null", phase, List.of(sql.validate()), List.of()),
        new Step.Ddl("set-not-null", phase, sql.lock(), sql.set(), sql.undoSet()));
  }
}
