package dev.migrator.check;

/** How bad a finding is. */
public enum Level {

  /** It is not looked for. */
  OFF,

  /** It is said, and the check passes. */
  WARN,

  /** The check fails. */
  ERROR
}
