package dev.migrator.error;

import org.jspecify.annotations.Nullable;

/** What every error of this library is. */
public sealed class MigratorException extends RuntimeException
    permits InvalidMigrationException,
        UnsupportedDatabaseException,
        StepFailedException,
        NotReadyException,
        CommandRefusedException {

  private static final long serialVersionUID = 1L;

  private final String message;

  MigratorException(String message, @Nullable Throwable cause) {
    super(message, cause);
    this.message = message;
  }

  @Override
  public String getMessage() {
    return message;
  }
}
