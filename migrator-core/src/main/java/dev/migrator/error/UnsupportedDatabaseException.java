package dev.migrator.error;

import org.jspecify.annotations.Nullable;

/**
 * The library cannot work with the database: it is not PostgreSQL, too old, or the role lacks a
 * privilege.
 */
public final class UnsupportedDatabaseException extends MigratorException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the error.
   *
   * @param code what kind of cause it has
   * @param message what is missing and how to get it
   */
  public UnsupportedDatabaseException(ErrorCode code, String message) {
    this(code, message, null);
  }

  /**
   * Creates the error.
   *
   * @param code what kind of cause it has
   * @param message what is missing and how to get it
   * @param cause what the database reported; {@code null} if the library found the fault
   */
  public UnsupportedDatabaseException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(code, message, cause);
  }
}
