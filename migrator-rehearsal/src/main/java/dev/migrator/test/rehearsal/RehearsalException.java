package dev.migrator.test.rehearsal;

import org.jspecify.annotations.Nullable;

/** A rehearsal could not be carried out; the message says why, and what to do. */
public final class RehearsalException extends RuntimeException {

  private static final long serialVersionUID = 1;

  RehearsalException(String message) {
    super(message);
  }

  RehearsalException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
