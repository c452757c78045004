package dev.migrator.error;

import org.jspecify.annotations.Nullable;

/**
 * A step that did not succeed. The table is as it was before the step, so that every release still
 * works; the journal holds the failure, and the step is tried again at the next start or on {@link
 * OperatorCommand#RETRY}.
 */
public final class StepFailedException extends MigratorException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes the error.
   *
   * @param message the migration, the phase, the step, what failed and what to do
   * @param cause what the database said; {@code null} if the engine itself found the fault
   */
  public StepFailedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
