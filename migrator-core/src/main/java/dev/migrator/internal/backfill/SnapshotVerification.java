package dev.migrator.internal.backfill;

import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.RangeSql;
import java.util.List;

/**
 * Compares both sides of all rows by one statement.
 *
 * <p>Why not range by range: without triggers, an update of another column writes a new version of
 * a row that is not copied yet, which may lie in a block that is done already. No number of passes
 * excludes that. One statement sees each row exactly once, wherever it lies. And why that suffices:
 * everybody who writes after its snapshot writes both sides, and those who wrote one side before
 * were waited for. So after a snapshot without a difference no difference can arise.
 *
 * <p>The price is a snapshot as old as the scan is long: meanwhile VACUUM cannot remove, in any
 * table of the database, what was deleted since.
 */
public final class SnapshotVerification {

  private final Database database;

  public SnapshotVerification(Database database) {
    this.database = database;
  }

  /**
   * Compares, and records the result. To be called in a transaction that has checked the lease.
   *
   * @return how many rows differ
   */
  public long run(String migration, RangeSql sql) {
    List<Long> counts = database.numbersLong(sql.compareAll());
    new ProgressStore(database).compared(migration, counts.get(0), counts.get(1));
    return counts.get(1);
  }
}
