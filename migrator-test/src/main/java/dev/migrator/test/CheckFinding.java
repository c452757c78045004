package dev.migrator.test;

/**
 * Something that is unsafe while an application uses the database.
 *
 * @param rule what kind of thing
 * @param message what the statement really did
 * @param safeWay what to do in its place
 */
public record CheckFinding(Rule rule, String message, String safeWay) {

  /** What is looked for. Later versions may add some. */
  public enum Rule {

    /** The server refuses the statement. */
    FAILS,

    /** A whole table is written anew while it is locked. */
    REWRITES,

    /** A whole table is read while it is locked against writes. */
    SCANS,

    /** An index is built while its table is locked against writes. */
    BUILDS,

    /** Code of releases that run needs what goes, or gets another name. */
    REMOVES,

    /** Releases that run may write what is not allowed any longer. */
    NARROWS
  }
}
