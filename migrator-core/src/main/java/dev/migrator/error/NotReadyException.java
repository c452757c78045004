package dev.migrator.error;

import org.jspecify.annotations.Nullable;

/**
 * This release must not serve yet, or no longer: it reads a column that is not filled yet, or needs
 * one that is gone.
 */
public final class NotReadyException extends MigratorException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the error.
   *
   * @param code what kind of cause it has
   * @param message what this release lacks and which release to run, or how far the work has come
   */
  public NotReadyException(ErrorCode code, String message) {
    this(code, message, null);
  }

  /**
   * Creates the error.
   *
   * @param code what kind of cause it has
   * @param message what this release lacks and which release to run, or how far the work has come
   * @param cause what the database reported; {@code null} if the library found the fault
   */
  public NotReadyException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(code, message, cause);
  }
}
