package dev.migrator.cli.task;

import dev.migrator.check.TableStatistics;

/** How large the tables of a database are. */
public final class Stats {

  private Stats() {}

  /**
   * Asks a database.
   *
   * @throws TaskException if it does not answer
   */
  public static TableStatistics of(Target target) {
    try {
      return TableStatistics.of(target.connected());
    } catch (IllegalStateException ex) {
      throw new TaskException(String.valueOf(ex.getMessage()));
    }
  }
}
