package dev.migrator.internal.journal;

import dev.migrator.internal.sql.Database;
import org.jspecify.annotations.Nullable;

/**
 * Asks whether nobody else can change the journal: before an instance works, and before each piece
 * of work that it takes, as what the journal holds is run with its rights.
 *
 * @param database where the journal is
 * @param owner who may own it beside the role that works; {@code null} if nobody else may
 */
public record JournalGuard(Database database, @Nullable String owner) {

  /**
   * Asks.
   *
   * @throws dev.migrator.error.UnsupportedDatabaseException if others can change it
   */
  public void check() {
    database.read(
        () -> {
          Installation.requireOwnJournal(database, owner);
          return true;
        });
  }
}
