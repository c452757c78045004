package dev.migrator.error;

import org.jspecify.annotations.Nullable;

/**
 * A declaration that cannot be carried out as it stands. It is thrown before the database is
 * changed; the message names the migration and says what to change.
 */
public final class InvalidMigrationException extends MigratorException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the error.
   *
   * @param code what kind of cause it has
   * @param message what is wrong and what would be right
   */
  public InvalidMigrationException(ErrorCode code, String message) {
    this(code, message, null);
  }

  /**
   * Creates the error.
   *
   * @param code what kind of cause it has
   * @param message what is wrong and what would be right
   * @param cause what the database reported; {@code null} if the library found the fault
   */
  public InvalidMigrationException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(code, message, cause);
  }
}
