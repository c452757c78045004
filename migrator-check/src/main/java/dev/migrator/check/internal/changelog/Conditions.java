package dev.migrator.check.internal.changelog;

import java.util.stream.Stream;
import liquibase.changelog.ChangeSet;
import liquibase.database.Database;
import liquibase.exception.PreconditionErrorException;
import liquibase.exception.PreconditionFailedException;
import liquibase.precondition.CustomPreconditionWrapper;
import liquibase.precondition.Precondition;
import liquibase.precondition.PreconditionLogic;
import liquibase.precondition.core.ChangeSetExecutedPrecondition;
import liquibase.precondition.core.PreconditionContainer;
import liquibase.precondition.core.PreconditionContainer.FailOption;
import org.jspecify.annotations.Nullable;

/** The preconditions of a change set. */
final class Conditions {

  private static final String PHASE =
      "dev.migrator.autoconfigure.liquibase.MigrationPhasePrecondition";

  private Conditions() {}

  /** Whether it waits until a migration of the migrator has taken something away. */
  static boolean waitForContract(ChangeSet changeSet) {
    PreconditionContainer all = changeSet.getPreconditions();
    return all != null
        && all.getNestedPreconditions().stream()
            .anyMatch(
                it ->
                    it instanceof CustomPreconditionWrapper custom
                        && PHASE.equals(custom.getClassName())
                        && isContract(custom.getParamValue("phase")));
  }

  private static boolean isContract(@Nullable String phase) {
    return phase == null || phase.equals("CONTRACT");
  }

  /**
   * Whether they say that it does not run on this server. What nobody can know here is taken to
   * hold.
   */
  static boolean exclude(ChangeSet changeSet, Database database) {
    PreconditionContainer all = changeSet.getPreconditions();
    boolean told =
        all != null
            && all.getOnFail() != FailOption.WARN
            && flat(all).noneMatch(Conditions::isUnknown);
    if (!told) {
      return false;
    }
    try {
      all.check(database, changeSet.getChangeLog(), changeSet, null);
      return false;
    } catch (PreconditionFailedException ex) {
      return true;
    } catch (PreconditionErrorException ex) {
      return false;
    }
  }

  private static Stream<Precondition> flat(PreconditionLogic logic) {
    return logic.getNestedPreconditions().stream()
        .flatMap(it -> (it instanceof PreconditionLogic inner) ? flat(inner) : Stream.of(it));
  }

  /** Code of the application, and what Liquibase has recorded in production. */
  private static boolean isUnknown(Precondition it) {
    return it instanceof CustomPreconditionWrapper || it instanceof ChangeSetExecutedPrecondition;
  }
}
