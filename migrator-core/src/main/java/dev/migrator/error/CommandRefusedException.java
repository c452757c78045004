package dev.migrator.error;

import dev.migrator.OperatorCommand;

/**
 * An operator's {@link OperatorCommand} that the state of the change does not allow. Nothing was
 * changed.
 */
public final class CommandRefusedException extends MigratorException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes the error.
   *
   * @param message why the word was refused and what would make it possible
   */
  public CommandRefusedException(String message) {
    super(message, null);
  }
}
