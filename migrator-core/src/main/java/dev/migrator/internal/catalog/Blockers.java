package dev.migrator.internal.catalog;

import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.status.Blocker;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the sessions that stand in the way. Their statements are not read, as they can contain
 * data.
 */
public final class Blockers {

  private static final List<String> READERS = List.of("AccessShareLock", "RowShareLock");

  /** Whoever has one of these may also hold a row. */
  private static final List<String> ROW_HOLDERS = List.of("RowShareLock", "RowExclusiveLock");

  private static final List<String> WRITING =
      List.of("RowExclusiveLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock");

  private static final List<String> VACUUM = List.of("ShareUpdateExclusiveLock");

  private static final List<String> BUILDERS =
      List.of("ShareLock", "ShareRowExclusiveLock", "ExclusiveLock");

  private static final List<String> ALTERING = List.of("AccessExclusiveLock");

  private static final String COLUMNS =
      """
      a.pid, coalesce(a.application_name, '') AS application, a.state,
      a.xact_start AS transaction_start, a.query_start
      """;

  /**
   * The session of a lock or, where the transaction is prepared and has none, what a person needs
   * to end it.
   */
  private static final String HOLDERS =
      """
      LATERAL (SELECT s.pid, s.application_name, s.state, s.xact_start, s.query_start
                 FROM pg_stat_activity s WHERE s.pid = l.pid
                UNION ALL
               SELECT 0, 'prepared transaction ' || quote_literal(p.gid), 'prepared', p.prepared, NULL
                 FROM pg_prepared_xacts p
                WHERE l.pid IS NULL
                  AND EXISTS (SELECT FROM pg_locks x
                               WHERE x.virtualtransaction = l.virtualtransaction AND x.pid IS NULL
                                 AND x.locktype = 'transactionid' AND x.transactionid = p.transaction)) AS a
      ON true
      """;

  private final Database database;

  public Blockers(Database database) {
    this.database = database;
  }

  /** Who keeps a table lock from being taken. */
  public List<Blocker> of(TableLock lock) {
    return (lock.mode() == TableLock.Mode.ACCESS_EXCLUSIVE)
        ? holding("to_regclass(?)", lock.table(), READERS, ROW_HOLDERS, VACUUM, BUILDERS, ALTERING)
        : holding(
            "to_regclass(?)",
            lock.table(),
            List.of("RowExclusiveLock"),
            VACUUM,
            BUILDERS,
            ALTERING);
  }

  /**
   * Who may keep rows of a table from being written: the server does not say which row it is. Not
   * the other ranges of a backfill, which all have rows of their own.
   */
  public List<Blocker> ofWriting(long table) {
    return holding("?::oid", table, ROW_HOLDERS, BUILDERS, ALTERING).stream()
        .filter(it -> !it.application().equals(Database.SESSION_NAME))
        .toList();
  }

  /** Who keeps a table from being read. */
  public List<Blocker> ofReading(long table) {
    return holding("?::oid", table, ALTERING);
  }

  /**
   * Who holds a lock now, for longer than the application's own short transactions do. Of the
   * sessions of other roles the server may hide since when.
   */
  @SafeVarargs
  private List<Blocker> holding(String relation, Object table, List<String>... modes) {
    String[] all = List.of(modes).stream().flatMap(List::stream).toArray(String[]::new);
    return database
        .jdbc()
        .sql(
            "SELECT DISTINCT "
                + COLUMNS
                + """
                  FROM pg_locks l JOIN %s
                 WHERE l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                   AND l.granted AND l.mode = ANY (?)
                   AND l.pid IS DISTINCT FROM pg_backend_pid()
                   -- Or one of its partitions.
                   AND l.relation = ANY (ARRAY(
                     WITH RECURSIVE tree(oid) AS (
                       SELECT %s::oid
                       UNION ALL SELECT i.inhrelid FROM tree JOIN pg_inherits i ON i.inhparent = tree.oid)
                     SELECT oid FROM tree))
                   AND coalesce(a.xact_start < clock_timestamp() - interval '50 milliseconds', true)
                """
                    .formatted(HOLDERS, relation))
        .params(all, table)
        .query(Blockers::blocker)
        .list();
  }

  /**
   * The transactions that have written to a table, or are about to: whoever writes keeps a lock on
   * it until its end.
   */
  public Set<String> writers(long table) {
    return new HashSet<>(
        database
            .jdbc()
            .sql(
                """
                SELECT DISTINCT virtualtransaction FROM pg_locks
                 WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database())
                   AND relation = ?::oid AND mode = ANY (?)
                   AND pid IS DISTINCT FROM pg_backend_pid()
                """)
            .params(table, WRITING.toArray(String[]::new))
            .query(String.class)
            .list());
  }

  /** Who has the transactions that {@link #writers} gave. */
  public List<Blocker> of(Set<String> transactions) {
    return database
        .jdbc()
        .sql(
            "SELECT DISTINCT "
                + COLUMNS
                + " FROM pg_locks l JOIN "
                + HOLDERS
                + " WHERE l.virtualtransaction = ANY (?)")
        .param(transactions.toArray(String[]::new))
        .query(Blockers::blocker)
        .list();
  }

  /**
   * Who a statement waits for that this instance has running.
   *
   * @param mark what the statement begins with, see {@link Database#longStatement()}
   */
  public List<Blocker> ofStatement(String mark) {
    return database
        .jdbc()
        .sql(
            "SELECT DISTINCT "
                + COLUMNS
                + """
                  FROM pg_stat_activity w
                 CROSS JOIN unnest(pg_blocking_pids(w.pid)) AS blocking(pid)
                  JOIN pg_stat_activity a ON a.pid = blocking.pid
                 WHERE w.state = 'active' AND starts_with(w.query, ?)
                """)
        .param(mark)
        .query(Blockers::blocker)
        .list();
  }

  private static Blocker blocker(ResultSet rs, int row) throws SQLException {
    return new Blocker(
        rs.getInt("pid"),
        rs.getString("application"),
        rs.getString("state"),
        instant(rs, "transaction_start"),
        instant(rs, "query_start"));
  }

  private static @Nullable Instant instant(ResultSet rs, String column) throws SQLException {
    Timestamp timestamp = rs.getTimestamp(column);
    return (timestamp == null) ? null : timestamp.toInstant();
  }
}
