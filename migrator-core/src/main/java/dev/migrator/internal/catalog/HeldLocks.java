package dev.migrator.internal.catalog;

import dev.migrator.internal.sql.Database;
import java.util.List;
import java.util.Set;

/** Finds the locks of a session that block the application, on tables that it knows. */
public final class HeldLocks {

  /** No session has this number. */
  private static final int OWN = 0;

  private static final String SQL =
      """
      SELECT c.oid::bigint AS relation, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) AS name,
             l.mode, c.reltuples::bigint AS estimate
        FROM pg_catalog.pg_locks l
        JOIN pg_catalog.pg_class c ON c.oid = l.relation
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE l.pid = CASE ? WHEN 0 THEN pg_catalog.pg_backend_pid() ELSE ? END AND l.locktype = 'relation' AND l.granted
         AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
         AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
         AND c.relkind IN ('r', 'p', 'm', 'v', 'f')
       ORDER BY l.mode, name
      """;

  private final Database database;

  public HeldLocks(Database database) {
    this.database = database;
  }

  /** Those of the transaction at hand. */
  public List<HeldLock> own(Set<Long> known) {
    return read(OWN, known);
  }

  /** Those of another session. */
  public List<HeldLock> of(int session, Set<Long> known) {
    return read(session, known);
  }

  /** By which the server knows the session at hand, as long as its transaction lasts. */
  public int session() {
    return database.jdbc().sql("SELECT pg_catalog.pg_backend_pid()").query(Integer.class).single();
  }

  private List<HeldLock> read(int session, Set<Long> known) {
    return database
        .jdbc()
        .sql(SQL)
        .params(session, session)
        .query(
            (rs, row) ->
                new HeldLock(
                    rs.getLong("relation"),
                    rs.getString("name"),
                    rs.getString("mode"),
                    rs.getLong("estimate")))
        .list()
        .stream()
        .filter(it -> known.contains(it.relation()))
        .toList();
  }
}
