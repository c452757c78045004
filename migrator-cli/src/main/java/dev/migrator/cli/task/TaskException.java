package dev.migrator.cli.task;

/** Why a command was not done, for the person who gave it. */
public final class TaskException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public TaskException(String message) {
    super(message);
  }
}
