package dev.migrator.internal.backfill;

/** What is done with one range of a chunk, in the transaction that records it. */
interface RangeOperation {

  /** How many passes a window of ordinary size gets. */
  int shares();

  /** Does the range, and waits for locked rows within the limits of the transaction. */
  Done attempt(Chunk chunk, Cursor cursor, long end);

  /** Does what needs no waiting, and records what is left. */
  Done withoutWaiting(Chunk chunk, Cursor cursor, long end);

  /** Does one block row by row, and records what cannot be done. */
  Done rowByRow(Chunk chunk, Cursor cursor);

  /**
   * What was done.
   *
   * @param rows how many rows were written or compared
   * @param differing how many of them differ
   */
  record Done(long rows, long differing) {}
}
