package dev.migrator.internal.catalog;

import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.TableLock;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The transactions that hold a lock in the way of one on some tables. Every role may read which
 * these are, and a prepared one is among them. No table is locked for it, so that nobody waits.
 */
public final class LockHolders {

  /** The same in every session, whatever its time zone. */
  private static final String SINCE = "extract(epoch FROM a.xact_start)::text";

  private final Database database;

  private final Long[] relations;

  private final String[] modes;

  private LockHolders(Database database, List<Long> tables, Stream<String> modes) {
    this.database = database;
    this.relations = tables.toArray(Long[]::new);
    this.modes = modes.distinct().toArray(String[]::new);
  }

  /** Those in the way of locks on tables and their partitions as they are now. */
  public static LockHolders of(Database database, Collection<TableLock> locks) {
    List<Long> tables =
        database
            .jdbc()
            .sql(
                """
                WITH RECURSIVE tree(oid) AS (
                  SELECT to_regclass(name)::oid FROM unnest(?::text[]) AS name
                   UNION
                  SELECT i.inhrelid FROM tree JOIN pg_inherits i ON i.inhparent = tree.oid)
                SELECT oid::bigint FROM tree WHERE oid IS NOT NULL
                """)
            .param(locks.stream().map(TableLock::table).toArray(String[]::new))
            .query(Long.class)
            .list();
    return new LockHolders(
        database, tables, locks.stream().map(TableLock::mode).flatMap(Blockers::inTheWayOf));
  }

  /** Those that keep tables from being read. */
  public static LockHolders ofReading(Database database, List<Long> tables) {
    return new LockHolders(database, tables, Blockers.inTheWayOfReading());
  }

  /** Those that may keep rows of tables and partitions from being written. */
  public static LockHolders ofWriting(Database database, List<Long> tables) {
    return new LockHolders(database, tables, Blockers.inTheWayOfWriting());
  }

  /**
   * Who holds one now. The server looks through all locks that anybody has, which takes about half
   * a millisecond for a thousand of them.
   *
   * @return by the names of the transactions, which no two have; with their sessions where the role
   *     may see when those began
   */
  public Map<String, @Nullable Session> read() {
    Map<String, @Nullable Session> found = new HashMap<>();
    database
        .jdbc()
        .sql(
            """
            SELECT DISTINCT l.virtualtransaction, l.pid, %s AS since
              FROM pg_locks l LEFT JOIN LATERAL pg_stat_get_activity(l.pid) a ON l.pid IS NOT NULL
             WHERE l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
               AND l.granted AND l.mode = ANY (?) AND l.relation = ANY (?::oid[])
               AND l.pid IS DISTINCT FROM pg_backend_pid()
            """
                .formatted(SINCE))
        .params(modes, relations)
        .query(
            (rs, row) -> {
              String since = rs.getString("since");
              return found.put(
                  rs.getString(1), since == null ? null : new Session(rs.getInt("pid"), since));
            })
        .list();
    return found;
  }

  /** Whether one of these sessions is in the same transaction still: asks for nothing but them. */
  public boolean isAnyOpen(Collection<Session> sessions) {
    List<Session> now =
        database
            .jdbc()
            .sql(
                """
                SELECT p.pid, %s AS since FROM unnest(?::int[]) AS p(pid), pg_stat_get_activity(p.pid) a
                 WHERE a.xact_start IS NOT NULL
                """
                    .formatted(SINCE))
            .param(sessions.stream().map(Session::pid).toArray(Integer[]::new))
            .query((rs, row) -> new Session(rs.getInt("pid"), rs.getString("since")))
            .list();
    return now.stream().anyMatch(sessions::contains);
  }

  /**
   * A session in one of its transactions.
   *
   * @param pid its process, which another session may have later
   * @param since when the transaction began
   */
  public record Session(int pid, String since) {}
}
