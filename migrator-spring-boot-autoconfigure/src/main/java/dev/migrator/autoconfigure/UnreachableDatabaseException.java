package dev.migrator.autoconfigure;

import dev.migrator.error.ErrorCode;

/** There are migrations, and no connection to their database. */
final class UnreachableDatabaseException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnreachableDatabaseException(RuntimeException cause) {
    super(
        "%s: The database of the migrations cannot be reached: %s"
            .formatted(ErrorCode.DATABASE_UNREACHABLE, innermost(cause)),
        cause);
  }

  private static String innermost(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }
}
