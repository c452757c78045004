package dev.migrator.plan;

/**
 * A lock that a step takes.
 *
 * @param table the table, quoted as SQL needs it
 * @param mode its mode
 */
public record PlannedLock(String table, LockMode mode) {

  /** As a person reads it. */
  @Override
  public String toString() {
    return mode.sql() + " on " + table;
  }
}
