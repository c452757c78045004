package dev.migrator.error;

import dev.migrator.OperatorCommand;
import org.jspecify.annotations.Nullable;

/**
 * An operator's {@link OperatorCommand} that the state of the migration does not allow. Nothing was
 * changed.
 */
public final class CommandRefusedException extends MigratorException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the error.
   *
   * @param code what kind of cause it has
   * @param message why the command was refused and what would make it possible
   */
  public CommandRefusedException(ErrorCode code, String message) {
    this(code, message, null);
  }

  /**
   * Creates the error.
   *
   * @param code what kind of cause it has
   * @param message why the command was refused and what would make it possible
   * @param cause what the database reported; {@code null} if the library found the fault
   */
  public CommandRefusedException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(code, message, cause);
  }
}
