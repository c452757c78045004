package dev.migrator.cli.task;

import dev.migrator.error.MigratorException;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;

/** Why a command was not done, for the person who gave it. */
public final class TaskException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public TaskException(String message) {
    super(message);
  }

  /** Does what the library or the database may refuse: what they say is enough for people. */
  static <T> T translated(Supplier<T> work) {
    try {
      return work.get();
    } catch (MigratorException | DataAccessException ex) {
      throw new TaskException(String.valueOf(ex.getMessage()));
    }
  }
}
