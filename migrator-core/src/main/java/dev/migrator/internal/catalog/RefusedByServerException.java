package dev.migrator.internal.catalog;

/** What is declared, tried on an empty copy, and refused by the server. */
public final class RefusedByServerException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  RefusedByServerException(String message) {
    super(message);
  }
}
