package dev.migrator.internal.operation;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.step.PhaseSteps;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An operation with everything that the catalog adds to its declaration. Pure. */
public interface ResolvedOperation {

  /** The table as it is; {@code null} if none is known. */
  @Nullable TableFacts table();

  /** The steps of a phase. What is there already has no step. */
  PhaseSteps steps(Phase phase);

  /** How it copies rows, if it may do so in one pass with other operations. */
  default Optional<SharedCopy> sharedCopy() {
    return Optional.empty();
  }

  /**
   * The same as the catalog will say it when the steps of a phase are done, of those that the steps
   * of a later phase depend on.
   */
  default ResolvedOperation after(Phase phase) {
    return this;
  }

  /**
   * The same with what only the catalog can say when the steps of EXPAND are done, of those that
   * have none beside them in their migration. In the transaction that did them, with the table
   * locked.
   *
   * @return {@code null} if the operation is to be compared with the database again
   */
  default @Nullable ResolvedOperation seenAfterExpand(Database database) {
    return null;
  }
}
