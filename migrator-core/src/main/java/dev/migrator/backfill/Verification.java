package dev.migrator.backfill;

import dev.migrator.journal.Progress;
import dev.migrator.journal.ProgressJournal;
import dev.migrator.journal.Work;
import dev.migrator.postgres.Database;
import dev.migrator.postgres.RangeSql;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Compares both sides of every row, range by range, each in a snapshot of its own, so that no old
 * snapshot keeps vacuum from its work.
 *
 * <p>Why ranges suffice although rows move: what disagrees has not moved since the triggers were
 * made (see {@link Backfill}), so it cannot slip from a range that is still to come into one that
 * is done. The exception is a row that a transform fails on, which any writer of the old side can
 * make at any time, also behind this; before the old side goes they are counted in one snapshot.
 */
public final class Verification {

  private final Database database;

  private final RangeWork work;

  private final ProgressJournal journal;

  public Verification(RangeWork work) {
    this.work = work;
    this.database = work.database();
    this.journal = new ProgressJournal(database);
  }

  /**
   * Works until all is compared, or until told to end.
   *
   * @return how many rows disagree; empty if told to end before
   */
  public OptionalLong run(String migration, RangeSql sql) {
    while (true) {
      if (begin(migration, sql).isEmpty() || !work.crew().finish(migration, work)) {
        return OptionalLong.empty();
      }
      boolean valid =
          database.inTransaction(
              () -> {
                work.lease().check();
                journal.close(migration, Work.Kind.PROVE);
                return !journal.isRewritten(migration, sql.table());
              });
      if (valid) {
        return database.inTransaction(
            () -> OptionalLong.of(journal.read(migration).orElseThrow().rowsDiffering()));
      }
    }
  }

  /** Empty if told to end before. */
  private Optional<Boolean> begin(String migration, RangeSql sql) {
    return Opening.of(
        work,
        () -> {
          work.lease().check();
          Progress before = journal.read(migration).orElseThrow();
          if (before.work() != Work.Kind.PROVE) {
            // Before its size is read: a rewrite in between is then noticed in the end.
            journal.file(migration, sql.table());
            Deal.out(database, new Work(migration, Work.Kind.PROVE, sql, work.undo()));
          }
          return true;
        });
  }
}
