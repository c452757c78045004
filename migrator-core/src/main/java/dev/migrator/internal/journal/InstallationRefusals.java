package dev.migrator.internal.journal;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.UnsupportedDatabaseException;
import dev.migrator.internal.catalog.Publications;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.ObjectNames;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What keeps the journal from being created, named. */
final class InstallationRefusals {

  private InstallationRefusals() {}

  /** A subscriber of all tables would stop at the first row of the journal. */
  static void requireNotPublished(Database database) {
    Publications publications = new Publications(database);
    List<String> found = database.read(publications::ofAllTables);
    if (!found.isEmpty()) {
      throw new UnsupportedDatabaseException(
          ErrorCode.REPLICATED,
          "the tables of the journal would be published to subscribers that do not have them: %s. Leave the schema \"%s\" out of the publication, or create it at the subscribers, or let them skip it; then set migrator.replication=allow"
              .formatted(String.join("; ", found), ObjectNames.SCHEMA),
          null);
    }
  }

  /**
   * What the journal holds is run later by whoever leads. So who can write it has the rights of the
   * role that works, and nobody else may.
   *
   * @param owner who may own it beside that role; {@code null} if nobody else may
   */
  static void requireOwnJournal(Database database, InstalledServer server, @Nullable String owner) {
    String intruders =
        server.intrudersPossible() ? database.read(() -> JournalIntruders.of(database, owner)) : "";
    if (!intruders.isEmpty()) {
      throw new UnsupportedDatabaseException(
          ErrorCode.JOURNAL_OPEN_TO_OTHERS,
          "the journal in schema \"%s\" is run with the rights of the role \"%s\", but others can change it: %s; give these to that role (ALTER … OWNER TO) or REVOKE what they may, after looking what they have written; an owner who may have anything run with the rights of that role can be named in migrator.journal-owner"
              .formatted(ObjectNames.SCHEMA, server.role(), intruders),
          null);
    }
  }

  /** Anybody who can connect can take an advisory lock, also one that is meant for this. */
  static UnsupportedDatabaseException locked(Database database, long key, Duration limit) {
    List<String> holders =
        database.read(
            () ->
                database
                    .jdbc()
                    .sql(
                        """
                        SELECT format('pid %s, role "%s", application "%s", since %s', l.pid, a.usename,
                                      a.application_name, date_trunc('second', a.backend_start))
                          FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
                         WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
                           AND l.database = (SELECT oid FROM pg_catalog.pg_database
                                              WHERE datname = current_database())
                           AND (l.classid::bigint << 32 | l.objid::bigint) = ?::bigint
                        """)
                    .param(key)
                    .query(String.class)
                    .list());
    return new UnsupportedDatabaseException(
        ErrorCode.JOURNAL_LOCKED,
        "the journal cannot be created, as another session has kept the advisory lock %d for more than %s: %s; end that session by pg_terminate_backend, and find out why it takes this lock"
            .formatted(
                key, limit, holders.isEmpty() ? "it has just gone" : String.join("; ", holders)),
        null);
  }
}
