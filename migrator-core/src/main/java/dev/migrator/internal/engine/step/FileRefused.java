package dev.migrator.internal.engine.step;

/** A SQL file that was rolled back: which statement, why, and what to do. */
public final class FileRefused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  FileRefused(String message) {
    super(message);
  }
}
