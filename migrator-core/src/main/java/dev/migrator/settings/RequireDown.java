package dev.migrator.settings;

/** What becomes of a SQL file that has not run and has no {@code .down.sql} beside it. */
public enum RequireDown {

  /** It runs. */
  IGNORE,

  /** It runs, and one line in the log names all such files. */
  WARN,

  /** The start is refused before anything runs. */
  FAIL
}
