package dev.migrator.backfill;

import dev.migrator.journal.Lease;
import dev.migrator.journal.Progress;
import dev.migrator.journal.ProgressJournal;
import dev.migrator.postgres.CatalogReader;
import dev.migrator.postgres.Database;
import dev.migrator.postgres.RangeSql;
import dev.migrator.postgres.SqlState;
import java.time.Duration;
import java.util.OptionalLong;
import org.springframework.dao.DataAccessException;

/**
 * Compares both sides of every row, range by range, each in a snapshot of its own, so that no old
 * snapshot keeps vacuum from its work.
 *
 * <p>Why ranges suffice although rows move: what disagrees has not moved since the triggers were
 * made (see {@link Backfill}), so it cannot slip from a range that is still to come into one that
 * is done.
 */
public final class Verification {

  private static final Duration STATEMENT_LIMIT = Duration.ofSeconds(30);

  private final Database database;

  private final Lease lease;

  private final ProgressJournal journal;

  private final Duration target;

  private final Duration lockBudget;

  private final Interruption interruption;

  private final Contention contention;

  private final boolean undo;

  public Verification(RangeWork work) {
    this.database = work.database();
    this.lease = work.lease();
    this.journal = new ProgressJournal(database);
    this.target = work.target();
    this.lockBudget = work.lockBudget();
    this.interruption = work.interruption();
    this.contention = work.contention();
    this.undo = work.undo();
  }

  /**
   * Works until all is compared, or until told to end.
   *
   * @return how many rows disagree; empty if told to end before
   */
  public OptionalLong run(String migration, RangeSql sql) {
    Progress progress = begin(migration, sql);
    long end = (progress.verifyEndBlock() == null) ? 0 : progress.verifyEndBlock();
    long next = progress.verifyNextBlock();
    RangeSize size = new RangeSize(target);
    while (next < end) {
      if (interruption.isRequested()) {
        return OptionalLong.empty();
      }
      long first = next;
      long until = Math.min(end, first + size.blocks());
      long start = System.nanoTime();
      try {
        boolean goOn = range(migration, sql, first, until);
        size.took(System.nanoTime() - start);
        next = until;
        contention.over();
        if (!goOn && next < end) {
          return OptionalLong.empty();
        }
      } catch (DataAccessException ex) {
        if (!SqlState.isContention(ex)) {
          throw ex;
        }
        size.failed();
        contention.met();
      }
    }
    boolean rewritten = database.inTransaction(() -> journal.isRewritten(migration, sql.table()));
    return rewritten
        ? run(migration, sql)
        : database.inTransaction(
            () -> OptionalLong.of(journal.read(migration).orElseThrow().rowsDiffering()));
  }

  private Progress begin(String migration, RangeSql sql) {
    return database.inTransaction(
        () -> {
          lease.check();
          Progress progress = journal.read(migration).orElseThrow();
          if (progress.verifyEndBlock() == null || progress.verifiedAt() != null) {
            journal.beginVerification(
                migration, sql.table(), new CatalogReader(database).blocks(sql.table()));
            progress = journal.read(migration).orElseThrow();
          }
          return progress;
        });
  }

  private boolean range(String migration, RangeSql sql, long first, long end) {
    return database.inTransaction(
        () -> {
          database.limits(lockBudget, STATEMENT_LIMIT);
          lease.check();
          long[] counts =
              database
                  .query(
                      sql.count(first, end),
                      (rs, row) -> new long[] {rs.getLong("counted"), rs.getLong("differing")})
                  .get(0);
          return journal.advanceVerification(migration, end, counts[0], counts[1], undo);
        });
  }
}
