package dev.migrator;

/** An operator's {@link Word} that the state of the change does not allow. Nothing was changed. */
public final class WordRefusedException extends MigratorException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes the error.
   *
   * @param message why the word was refused and what would make it possible
   */
  public WordRefusedException(String message) {
    super(message, null);
  }
}
