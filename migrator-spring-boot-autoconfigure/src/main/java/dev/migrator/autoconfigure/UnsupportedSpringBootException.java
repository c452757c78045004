package dev.migrator.autoconfigure;

/** The application runs on a version of Spring Boot that the library does not support. */
final class UnsupportedSpringBootException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnsupportedSpringBootException(String version) {
    super(
        "migrator needs Spring Boot 4.0 or newer, and this application runs on %s."
            .formatted(version));
  }
}
