package dev.migrator.internal.operation;

import dev.migrator.internal.sql.ViolatingRows;

/** What is said about rows that refuse a step and that a person finds as they are counted. */
public final class Violations {

  private Violations() {}

  /**
   * Rows that may not be.
   *
   * @param rows what follows the columns of a SELECT: {@code FROM … WHERE …}
   * @param refusal what they are, and what to do
   */
  public static ViolatingRows of(String rows, String refusal) {
    return new ViolatingRows(
        "SELECT count(*) " + rows, refusal + "; find them by: SELECT * " + rows);
  }
}
