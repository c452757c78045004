package dev.migrator.internal.catalog;

import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.PreparedQuery;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What lasts until a transaction ends, so that it would be there for what comes behind in the same
 * one.
 *
 * @param settings a digest of all settings of the session, and of who it is
 * @param kept whether there are temporary tables, or constraints that may be checked when the
 *     transaction ends
 * @param locked the tables and other relations that are locked against reads or writes
 */
public record Lasting(String settings, boolean kept, Set<Long> locked) {

  /** The path is not among them: who looks has set another one. */
  private static final String SQL =
      """
      SELECT (SELECT current_user || ' ' || coalesce(sum(hashtextextended(s.name || '=' || coalesce(s.setting, ''), 0)), 0)
                FROM pg_settings s WHERE s.source = 'session' AND s.name <> 'search_path') AS settings,
             pg_my_temp_schema() <> 0 OR EXISTS (SELECT FROM pg_trigger t WHERE t.tgdeferrable) AS kept,
             ARRAY(SELECT l.relation::bigint FROM pg_locks l
                    WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND l.granted
                      AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')) AS locked
      """;

  public Lasting {
    locked = Set.copyOf(locked);
  }

  /** Prepares the query, in a transaction that finds names in {@code pg_catalog} only. */
  public static PreparedQuery query(Database database) {
    return new PreparedQuery(database, "", SQL);
  }

  /** Reads it by that query. */
  public static Lasting read(PreparedQuery query) {
    return query.query((rs, row) -> of(rs)).get(0);
  }

  private static Lasting of(ResultSet rs) throws SQLException {
    Long[] locked = (Long[]) rs.getArray("locked").getArray();
    return new Lasting(
        rs.getString("settings"),
        rs.getBoolean("kept"),
        Arrays.stream(locked).collect(Collectors.toSet()));
  }
}
