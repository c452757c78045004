package dev.migrator.error;

import org.jspecify.annotations.Nullable;

/** The database cannot be worked with: not PostgreSQL, too old, or the role lacks a privilege. */
public final class UnsupportedDatabaseException extends MigratorException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes the error.
   *
   * @param message what is missing and how to get it
   * @param cause what the driver said, if it said anything
   */
  public UnsupportedDatabaseException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
