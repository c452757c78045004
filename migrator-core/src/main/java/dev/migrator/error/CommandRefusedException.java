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
   * @param message why the command was refused and what would make it possible
   */
  public CommandRefusedException(String message) {
    this(message, null);
  }

  /**
   * Creates the error.
   *
   * @param message why the command was refused and what would make it possible
   * @param cause what the database reported; {@code null} if the library found the fault
   */
  public CommandRefusedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
