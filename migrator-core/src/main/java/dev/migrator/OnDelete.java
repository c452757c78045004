package dev.migrator;

/** What becomes of the rows that refer to a row which is deleted. */
public enum OnDelete {

  /** The deletion fails, unless the rows are gone by the end of the statement. */
  NO_ACTION,

  /** The deletion fails at once. */
  RESTRICT,

  /** They are deleted as well. */
  CASCADE,

  /** Their columns become NULL. */
  SET_NULL,

  /** Their columns get their defaults. */
  SET_DEFAULT
}
