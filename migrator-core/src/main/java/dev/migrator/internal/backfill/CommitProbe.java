package dev.migrator.internal.backfill;

import dev.migrator.internal.sql.Database;
import java.util.OptionalLong;

/**
 * Measures what a small commit takes: it waits for the log as one of the application does.
 *
 * <p>It locks the row of the migration as a foreign key does, which writes a record of the log and
 * no version of a row, so that there is nothing to clean up and nothing that replicas could take
 * for a change. It waits for nobody.
 */
final class CommitProbe {

  private final Database database;

  CommitProbe(Database database) {
    this.database = database;
  }

  /**
   * Commits once.
   *
   * @return how long the commit took, on a connection that was at work right before, as that of a
   *     busy application is; empty if there was nothing to commit
   */
  OptionalLong nanos(String migration) {
    Started started = database.inTransaction(() -> new Started(lock(migration), System.nanoTime()));
    long end = System.nanoTime();
    return started.locked ? OptionalLong.of(end - started.nanos) : OptionalLong.empty();
  }

  private boolean lock(String migration) {
    return database
        .jdbc()
        .sql("SELECT true FROM migrator.migration WHERE id = ? FOR KEY SHARE SKIP LOCKED")
        .param(migration)
        .query(Boolean.class)
        .optional()
        .isPresent();
  }

  private record Started(boolean locked, long nanos) {}
}
