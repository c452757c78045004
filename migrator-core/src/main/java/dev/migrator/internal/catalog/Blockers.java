package dev.migrator.internal.catalog;

import dev.migrator.internal.sql.Columns;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.status.Blocker;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds the sessions that block a lock. Their statements are not read, as they can contain data.
 */
public final class Blockers {

  private static final List<String> READERS = List.of("AccessShareLock", "RowShareLock");

  /** A session with one of these may also hold a row. */
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
   * The session of a lock or, for a prepared transaction, which has none, what a person needs to
   * end it.
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

  /** The sessions that block a table lock. */
  public List<Blocker> of(TableLock lock) {
    return holding("to_regclass(?)", lock.table(), inTheWayOf(lock.mode()));
  }

  /** The modes that conflict with one, and with the one that is taken before it. */
  static Stream<String> inTheWayOf(TableLock.Mode mode) {
    return switch (mode) {
      case SHARE_UPDATE_EXCLUSIVE -> all(VACUUM, BUILDERS, ALTERING);
      case ACCESS_EXCLUSIVE -> all(READERS, ROW_HOLDERS, VACUUM, BUILDERS, ALTERING);
      case SHARE, SHARE_ROW_EXCLUSIVE ->
          all(List.of("RowExclusiveLock"), VACUUM, BUILDERS, ALTERING);
    };
  }

  static Stream<String> inTheWayOfReading() {
    return all(ALTERING);
  }

  static Stream<String> inTheWayOfWriting() {
    return all(ROW_HOLDERS, BUILDERS, ALTERING);
  }

  @SafeVarargs
  private static Stream<String> all(List<String>... modes) {
    return Stream.of(modes).flatMap(List::stream);
  }

  /**
   * The sessions that may block writes to rows of a table: the server does not report the row.
   * Without the other ranges of a backfill, which have other rows.
   */
  public List<Blocker> ofWriting(long table) {
    return holding("?::oid", table, inTheWayOfWriting()).stream()
        .filter(it -> !it.application().equals(Database.SESSION_NAME))
        .toList();
  }

  /** The sessions that block reads of a table. */
  public List<Blocker> ofReading(long table) {
    return holding("?::oid", table, inTheWayOfReading());
  }

  /**
   * The sessions that hold a lock for longer than a short transaction of the application does. The
   * server may hide the start time of sessions of other roles.
   */
  private List<Blocker> holding(String relation, Object table, Stream<String> modes) {
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
        .params(modes.toArray(String[]::new), table)
        .query(Blockers::blocker)
        .list();
  }

  /**
   * The transactions that have written to a table, or are about to: a writer keeps a lock on it
   * until its end.
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

  /** The sessions of the transactions from {@link #writers}. */
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
   * The sessions that a running statement of this instance waits for.
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
        Columns.instant(rs, "transaction_start"),
        Columns.instant(rs, "query_start"));
  }
}
