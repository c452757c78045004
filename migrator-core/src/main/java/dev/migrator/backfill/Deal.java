package dev.migrator.backfill;

import dev.migrator.journal.ChunkJournal;
import dev.migrator.journal.ProgressJournal;
import dev.migrator.journal.Work;
import dev.migrator.postgres.CatalogReader;
import dev.migrator.postgres.Database;

/** Opens work on a whole table for the workers of all instances. */
final class Deal {

  private Deal() {}

  /** To be called in a transaction that has checked the lease. */
  static void out(Database database, Work work) {
    long blocks = new CatalogReader(database).blocks(work.sql().table());
    new ProgressJournal(database).open(work, blocks);
    new ChunkJournal(database)
        .deal(work.migration(), work.sql().table(), work.sql().from(), blocks);
  }
}
