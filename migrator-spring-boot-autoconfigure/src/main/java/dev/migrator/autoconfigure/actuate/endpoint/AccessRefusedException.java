package dev.migrator.autoconfigure.actuate.endpoint;

/** The endpoint may not execute commands. */
final class AccessRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  AccessRefusedException(String message) {
    super(message);
  }
}
