package dev.migrator.internal.sql;

/** SQL that is not what it has to be, and why, as the end of a sentence. */
public final class MalformedSqlException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Which character it is about, from 0; -1 if none. */
  private final int at;

  /** Whether it could go on in what follows. */
  private final boolean unclosed;

  MalformedSqlException(String message) {
    this(message, -1);
  }

  MalformedSqlException(String message, int at) {
    this(message, at, false);
  }

  MalformedSqlException(String message, int at, boolean unclosed) {
    super(message);
    this.at = at;
    this.unclosed = unclosed;
  }

  /** Whether something does not end, which could go on in what follows. */
  boolean isUnclosed() {
    return unclosed;
  }

  /** Which character it is about, from 0; -1 if none. */
  public int at() {
    return at;
  }
}
