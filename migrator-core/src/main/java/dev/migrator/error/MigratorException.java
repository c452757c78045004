package dev.migrator.error;

import org.jspecify.annotations.Nullable;

/**
 * What every error of this library is. Its message begins with its code.
 *
 * <pre>{@code
 * try {
 *   migrator.execute("2026-11-22-users-full-name", OperatorCommand.UNDO);
 * } catch (MigratorException ex) {
 *   return ex.errorCode().code(); // "MIG-5008", see docs/errors.md
 * }
 * }</pre>
 */
public sealed class MigratorException extends RuntimeException
    permits InvalidMigrationException,
        UnsupportedDatabaseException,
        StepFailedException,
        NotReadyException,
        CommandRefusedException {

  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  private final String message;

  MigratorException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(code + ": " + message, cause);
    this.code = code;
    this.message = code + ": " + message;
  }

  /**
   * What kind of cause it has. See {@code docs/errors.md} for the way on.
   *
   * @return the code that the message begins with
   */
  public ErrorCode errorCode() {
    return code;
  }

  @Override
  public String getMessage() {
    return message;
  }
}
