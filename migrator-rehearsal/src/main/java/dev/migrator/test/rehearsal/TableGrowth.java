package dev.migrator.test.rehearsal;

/**
 * How the size of a table changed, with its indexes.
 *
 * @param table the table
 * @param before its size in bytes, 0 if it was not there
 * @param after its size in bytes, 0 if it is not there any longer
 */
public record TableGrowth(String table, long before, long after) {

  /**
   * Returns by how much it grew.
   *
   * @return in percent; 0 for one that was not there
   */
  public long percent() {
    return (before == 0) ? 0 : Math.round(100.0 * (after - before) / before);
  }
}
