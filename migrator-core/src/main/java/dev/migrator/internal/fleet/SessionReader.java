package dev.migrator.internal.fleet;

import dev.migrator.TableName;
import dev.migrator.internal.catalog.TableSize;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.UnregisteredSessions;
import dev.migrator.internal.sql.Columns;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.Interval;
import dev.migrator.operation.Operation;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Finds the sessions that may use a table and that no registered instance accounts for: a release
 * without this library, a report, a job. To see where sessions of other roles come from, the role
 * of the migrations needs to be a member of {@code pg_read_all_stats}; without it they are told
 * apart by their names only.
 */
public final class SessionReader {

  private static final int MOST = 10;

  private final Database database;

  private final List<String> ignored;

  private final Duration newSession;

  /**
   * Makes it.
   *
   * @param ignored names of applications that do not count, with {@code *} for any characters
   * @param newSession for how long a session has not yet set its name
   */
  public SessionReader(Database database, List<String> ignored, Duration newSession) {
    this.database = database;
    this.ignored = ignored;
    this.newSession = newSession;
  }

  /** Whether its tables are known, and none of them has a block. In a transaction. */
  public boolean areTablesEmpty(Declaration declaration) {
    List<Long> found =
        database
            .jdbc()
            .sql(
                "SELECT coalesce(pg_catalog.to_regclass(t)::oid::bigint, 0) FROM pg_catalog.unnest(:tables::text[]) AS t (t)")
            .param("tables", tables(declaration).toArray(String[]::new))
            .query(Long.class)
            .list();
    TableSize size = new TableSize(database);
    return !found.isEmpty() && found.stream().allMatch(it -> it != 0 && size.isZero(it));
  }

  private static List<String> tables(Declaration declaration) {
    return declaration.migration().operations().stream()
        .map(Operation::table)
        .filter(Objects::nonNull)
        .map(SessionReader::quoted)
        .distinct()
        .toList();
  }

  /** Those that may use the tables of a migration; in a transaction. */
  public List<UnregisteredSessions> of(Declaration declaration) {
    List<String> tables = tables(declaration);
    return database
        .jdbc()
        .sql(
            """
            WITH named AS (SELECT pg_catalog.to_regclass(t) AS oid FROM pg_catalog.unnest(:tables::text[]) AS t (t))
            SELECT count(*)::int AS count, pg_catalog.pg_get_userbyid(a.usesysid)::text AS usename, a.application_name, host(a.client_addr) AS address,
                   min(a.backend_start) AS since
              -- What the view pg_stat_activity joins takes longer to plan than all of this.
              FROM pg_catalog.pg_stat_get_activity(NULL) a
             WHERE a.datid = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
               AND a.usesysid IS NOT NULL
               -- Of the sessions of others, a role without pg_read_all_stats sees the name and the role only.
               AND coalesce(a.backend_type, 'client backend') = 'client backend'
               AND a.pid <> pg_backend_pid() AND a.application_name <> :self
               AND (a.application_name <> '' OR coalesce(a.backend_start, '-infinity') < now() - :new::interval)
               AND NOT a.application_name LIKE ANY (:ignored)
               AND (NOT EXISTS (SELECT FROM named WHERE oid IS NOT NULL)
                    OR EXISTS (SELECT FROM named WHERE has_any_column_privilege(a.usesysid, oid, 'SELECT, INSERT, UPDATE')
                                                    OR has_table_privilege(a.usesysid, oid, 'DELETE')))
               AND NOT EXISTS (
                     SELECT FROM migrator.instance i
                      WHERE a.application_name = ANY (i.session_names)
                        AND (a.backend_start IS NULL OR i.address IS NOT DISTINCT FROM a.client_addr)
                        -- A name that others may have as well counts for what was opened since the start only.
                        AND (a.application_name ~ '-[0-9a-f]{8}$' OR a.backend_start IS NULL
                             OR a.backend_start >= i.started_at - interval '10 seconds')
                        -- One that has stopped or froze accounts for what it opened while it was registered.
                        AND (i.left_at IS NULL OR a.backend_start BETWEEN i.started_at AND i.left_at))
             GROUP BY a.usesysid, a.application_name, a.client_addr
             ORDER BY count(*) DESC, usename, a.application_name LIMIT :most
            """)
        .param("tables", tables.toArray(String[]::new))
        .param("self", Database.SESSION_NAME)
        .param("new", Interval.of(newSession))
        .param("ignored", ignored.stream().map(SessionReader::pattern).toArray(String[]::new))
        .param("most", MOST)
        .query((rs, row) -> sessions(rs))
        .list();
  }

  private static UnregisteredSessions sessions(ResultSet rs) throws SQLException {
    return new UnregisteredSessions(
        rs.getInt("count"),
        rs.getString("usename"),
        rs.getString("application_name"),
        rs.getString("address"),
        Columns.instant(rs, "since"));
  }

  private static String quoted(TableName table) {
    return (table.schema() == null)
        ? Identifiers.quote(table.name())
        : Identifiers.quote(table.schema(), table.name());
  }

  /** A pattern for LIKE, in which nothing but the star stands for something else. */
  static String pattern(String ignored) {
    return ignored.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_").replace("*", "%");
  }
}
