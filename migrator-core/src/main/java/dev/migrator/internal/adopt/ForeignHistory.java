package dev.migrator.internal.adopt;

import dev.migrator.internal.sql.Database;
import dev.migrator.operation.SqlFile;
import dev.migrator.settings.SqlSettings;
import java.util.Collection;
import java.util.List;

/**
 * The history of another tool. What it says is compared with names and sums, shown to people, and
 * never run. All methods are to be called in a transaction.
 */
public sealed interface ForeignHistory permits FlywayHistory, NoHistory, SupabaseHistory {

  /** That of the tool that the settings name. */
  static ForeignHistory of(Database database, SqlSettings settings, TrustedOwner owner) {
    return switch (settings.adopt()) {
      case NONE -> new NoHistory();
      case FLYWAY -> new FlywayHistory(database, settings);
      case SUPABASE -> new SupabaseHistory(database, owner);
    };
  }

  /** The tool, for people. */
  String tool();

  /** Whether it is kept up to date, so that the tool may go on to run files. */
  boolean isWritten();

  /** Whether a file may be one that the tool knows. */
  boolean mayKnow(String id, SqlFile file);

  /**
   * Looks which files have run.
   *
   * @param open those that are not known to have run
   * @param all the ids of all files of this release
   * @throws dev.migrator.error.MigratorException if the history is not one to go on from
   */
  Takeover read(List<KnownFile> open, Collection<String> all);

  /** Whether the tool has run anything here, known to this release or not. */
  boolean hasRunAnything();

  /** Makes the table, as the tool does; nothing for one that is only read. */
  default void make() {}

  /** Whether the tool has run a file in the meantime; not asked of one that is only read. */
  default boolean hasRun(String id) {
    return false;
  }

  /** Notes that a file has run; nothing for one that is only read. */
  default void applied(String id, SqlFile file) {}

  /** Notes that a file is undone; nothing for one that is only read. */
  default void undone(String id) {}
}
