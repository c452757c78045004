package dev.migrator.error;

import org.jspecify.annotations.Nullable;

/**
 * A step that failed. The table is as it was before the step, so that every release still works;
 * the journal holds the failure, and the step is tried again at the next start or on {@link
 * dev.migrator.OperatorCommand#RETRY}.
 */
public final class StepFailedException extends MigratorException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the error.
   *
   * @param code what kind of cause it has
   * @param message the migration, the phase, the step, what failed and what to do
   */
  public StepFailedException(ErrorCode code, String message) {
    this(code, message, null);
  }

  /**
   * Creates the error.
   *
   * @param code what kind of cause it has
   * @param message the migration, the phase, the step, what failed and what to do
   * @param cause what the database reported; {@code null} if the library found the fault
   */
  public StepFailedException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(code, message, cause);
  }
}
