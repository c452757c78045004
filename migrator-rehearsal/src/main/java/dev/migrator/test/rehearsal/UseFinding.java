package dev.migrator.test.rehearsal;

/**
 * A statement of the application that does not work after a phase as it did before.
 *
 * @param stage after which phase, such as {@code BACKFILL}; {@code before the first phase}
 * @param statement the statement
 * @param kind what is wrong
 * @param message what the server says
 */
public record UseFinding(String stage, String statement, Kind kind, String message) {

  /** What is wrong. */
  public enum Kind {
    /** It fails. */
    FAILS,
    /**
     * A connection that had prepared it was refused once. With the starter, or a {@link
     * dev.migrator.StatementProtection}, it is not; of a release without either, the transaction
     * around it fails once for each connection.
     */
    STALE_ONCE
  }
}
