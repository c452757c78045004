package dev.migrator.error;

/**
 * This release must not serve yet, or no longer: it reads a column that is not filled yet, or needs
 * one that is gone.
 */
public final class NotReadyException extends MigratorException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes the error.
   *
   * @param message what this release lacks and which release to run, or how far the work has come
   */
  public NotReadyException(String message) {
    super(message, null);
  }
}
