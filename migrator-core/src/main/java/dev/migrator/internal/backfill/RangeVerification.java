package dev.migrator.internal.backfill;

import dev.migrator.internal.sql.Database;

/** Compares both sides of the rows of a range. Reads only, so that it waits for nobody's row. */
final class RangeVerification implements RangeOperation {

  private final Database database;

  private final BackfillTask task;

  RangeVerification(Database database, BackfillTask task) {
    this.database = database;
    this.task = task;
  }

  @Override
  public int shares() {
    return 1;
  }

  @Override
  public Done attempt(Chunk chunk, Cursor cursor, long end) {
    return database
        .query(
            task.sql().of(chunk.relation(), chunk.source()).count(cursor.next(), end),
            (rs, row) -> new Done(rs.getLong("counted"), rs.getLong("differing")))
        .get(0);
  }

  @Override
  public Done withoutWaiting(Chunk chunk, Cursor cursor, long end) {
    return attempt(chunk, cursor, end);
  }

  /** A row that cannot even be compared fails the verification, as it would fail in any range. */
  @Override
  public Done rowByRow(Chunk chunk, Cursor cursor) {
    return attempt(chunk, cursor, cursor.next() + 1);
  }
}
