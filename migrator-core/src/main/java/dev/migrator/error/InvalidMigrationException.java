package dev.migrator.error;

/**
 * A declaration that cannot be carried out as it stands. It is thrown before anything is changed in
 * the database; the message names the migration and says what to change.
 */
public final class InvalidMigrationException extends MigratorException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes the error.
   *
   * @param message what is wrong and what would be right
   */
  public InvalidMigrationException(String message) {
    super(message, null);
  }
}
