package dev.migrator.internal.sql;

/** SQL that is not what it has to be, and why, as the end of a sentence. */
public final class MalformedSqlException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  MalformedSqlException(String message) {
    super(message);
  }
}
