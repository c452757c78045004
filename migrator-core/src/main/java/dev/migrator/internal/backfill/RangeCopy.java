package dev.migrator.internal.backfill;

import dev.migrator.internal.Timings;
import dev.migrator.internal.catalog.CatalogReader;
import dev.migrator.internal.catalog.RowCodeReader;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.ObjectNames;
import dev.migrator.internal.sql.RangeSql;
import dev.migrator.internal.sql.SqlState;
import java.util.List;
import org.springframework.dao.DataAccessException;

/** Copies the rows of a range to the other side. */
final class RangeCopy implements RangeOperation {

  /** With more bad rows than these it is the transform that is bad. */
  private static final long MOST_BAD_ROWS = 10_000;

  /** So many rows of one block say that it is none of their values. */
  private static final int MANY = 20;

  private final Database database;

  private final BackfillTask task;

  private final Timings timings;

  private final ChunkStore chunks;

  private final Quarantine quarantine;

  RangeCopy(Database database, BackfillTask task, Timings timings) {
    this.timings = timings;
    this.database = database;
    this.task = task;
    this.chunks = new ChunkStore(database);
    this.quarantine = new Quarantine(database);
  }

  @Override
  public int shares() {
    return Cursor.SHARES;
  }

  @Override
  public Done attempt(Chunk chunk, Cursor cursor, long end) {
    return done(sql(chunk).update(cursor.next(), end, cursor.share()));
  }

  /**
   * Skips the rows that somebody has locked. Which ones these are is looked up after the update and
   * in its transaction: a row that still differs then has not been written since the triggers were
   * made, and its block is recorded.
   */
  @Override
  public Done withoutWaiting(Chunk chunk, Cursor cursor, long end) {
    RangeSql sql = sql(chunk);
    Done done = done(sql.updateUnlocked(cursor.next(), end, cursor.share()));
    if (cursor.lastPass()) {
      database
          .query(
              sql.needy(cursor.next(), end),
              (rs, row) -> new long[] {rs.getLong("first_block"), rs.getLong("end_block")})
          .forEach(it -> again(chunk, it[0], it[1]));
    }
    return done;
  }

  @Override
  public Done rowByRow(Chunk chunk, Cursor cursor) {
    RangeSql sql = sql(chunk);
    long block = cursor.next();
    List<String[]> rows =
        database.query(
            sql.rows(block, new CatalogReader(database).keyText(sql.table())),
            (rs, row) -> new String[] {rs.getString("place"), rs.getString("key")});
    long written = 0;
    long refused = 0;
    boolean locked = false;
    // Others are not to wait for the sum of our waits.
    database.lockTimeout(timings.limits().row());
    // What is checked at the commit would be the fault of the whole block.
    database.execute("SET CONSTRAINTS ALL IMMEDIATE");
    for (String[] row : rows) {
      try {
        written += database.attempt(() -> database.update(sql.updateRow(row[0])));
      } catch (DataAccessException ex) {
        if (SqlState.isData(ex)) {
          quarantine.add(chunk, task.migration(), block, row[1], SqlState.of(ex));
          refused += SqlState.isOfCode(ex) ? 1 : 0;
        } else if (SqlState.isContention(ex)) {
          locked = true;
        } else {
          throw ex;
        }
      }
    }
    if (locked) {
      again(chunk, block, block + 1);
    }
    if (refused >= MANY && refused == rows.size()) {
      requireNoRefusingTrigger(sql, rows.get(0)[0]);
    }
    long bad = quarantine.count(task.migration());
    if (bad > MOST_BAD_ROWS) {
      throw UncopiedRowsException.givenUp(
          task.migration(), sql.name(), quarantine.states(task.migration()));
    }
    return new Done(written, 0);
  }

  /** Where each row can be computed and none be written, there is no use in trying all of them. */
  private void requireNoRefusingTrigger(RangeSql sql, String place) {
    List<String> triggers =
        sql.userTriggers()
            ? new RowCodeReader(database).updateTriggers(sql.table(), ObjectNames.PREFIX)
            : List.of();
    if (triggers.isEmpty()) {
      return;
    }
    try {
      database.attempt(() -> database.query(sql.computeRow(place), (rs, row) -> row));
    } catch (DataAccessException ex) {
      return; // it is the transform
    }
    throw UncopiedRowsException.refusedByTrigger(
        task.migration(), sql.name(), quarantine.states(task.migration()), triggers);
  }

  private void again(Chunk chunk, long first, long end) {
    chunks.again(
        task.migration(),
        chunk,
        first,
        end,
        chunk.attempts() + 1,
        Pauses.beforeAttempt(chunk.attempts() + 1, timings.ranges()));
  }

  private Done done(String update) {
    return new Done(database.update(update), 0);
  }

  private RangeSql sql(Chunk chunk) {
    return task.sql().of(chunk.relation(), chunk.source());
  }
}
