package dev.migrator.check.internal.effect;

import dev.migrator.plan.LockMode;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Reads of tables and indexes what a change of theirs would change. */
final class Relations {

  private static final String OWN =
      """
      n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'migrator')
             AND n.nspname NOT LIKE 'pg\\_temp%' AND n.nspname NOT LIKE 'pg\\_toast%'
      """;

  private static final String READ =
      """
      SELECT c.oid::bigint AS oid, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) AS name,
             c.relfilenode::bigint AS file, c.relkind = 'p' AS partitioned, pg_catalog.pg_stat_get_xact_numscans(c.oid) AS scans,
             coalesce((SELECT x.indrelid FROM pg_catalog.pg_index x WHERE x.indexrelid = c.oid), 0)::bigint AS of,
             ARRAY(SELECT i.relfilenode || '=' || i.relname FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
                    WHERE x.indrelid = c.oid AND i.relfilenode <> 0) AS indexes,
             ARRAY(SELECT k.oid::text FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.convalidated) AS keys
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE c.oid = ANY (?::oid[]) AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'i', 'I') AND
      """
          + OWN;

  private static final String ALL =
      """
      SELECT c.oid::bigint AS oid, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) AS name, c.relkind IN ('v', 'f', 'S', 'c') AS view
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c') AND
      """
          + OWN;

  private static final String SCANS =
      """
      SELECT c.oid::bigint AS oid, pg_catalog.pg_stat_get_xact_numscans(c.oid) AS scans
        FROM pg_catalog.pg_class c
       WHERE c.relkind IN ('r', 'm') AND pg_catalog.pg_stat_get_xact_numscans(c.oid) > 0
      """;

  private static final String LOCKS =
      """
      SELECT relation::bigint AS oid, mode FROM pg_catalog.pg_locks
       WHERE pid = pg_catalog.pg_backend_pid() AND locktype = 'relation' AND granted AND relation >= 16384
      """;

  private static final String DESCENDANTS =
      """
      WITH RECURSIVE child AS (
        SELECT inhrelid FROM pg_catalog.pg_inherits WHERE inhparent = ANY (?::oid[])
        UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN child ON i.inhparent = child.inhrelid)
      SELECT inhrelid::bigint AS oid FROM child
      """;

  private static final String OIDS =
      "SELECT pg_catalog.to_regclass(t)::oid::bigint AS oid FROM unnest(?::text[]) AS t";

  private final Connection connection;

  Relations(Connection connection) {
    this.connection = connection;
  }

  /**
   * A table, view or index.
   *
   * @param file where its rows are; 0 if it has none
   * @param scans how often all of it was read
   * @param of the table of an index; 0 if it is none
   * @param indexes the names of its indexes by their files
   * @param keys its foreign keys that hold for all rows
   */
  record Relation(
      long oid,
      String name,
      boolean partitioned,
      long file,
      long scans,
      long of,
      Map<String, String> indexes,
      Set<String> keys) {

    boolean index() {
      return of != 0;
    }
  }

  Map<Long, Relation> read(Collection<Long> oids) throws SQLException {
    Map<Long, Relation> found = new LinkedHashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(READ)) {
      statement.setString(1, array(oids));
      try (ResultSet rs = statement.executeQuery()) {
        while (rs.next()) {
          found.put(
              rs.getLong("oid"),
              new Relation(
                  rs.getLong("oid"),
                  rs.getString("name"),
                  rs.getBoolean("partitioned"),
                  rs.getLong("file"),
                  rs.getLong("scans"),
                  rs.getLong("of"),
                  indexes(rs.getArray("indexes")),
                  keys(rs.getArray("keys"))));
        }
      }
    }
    return found;
  }

  private static Map<String, String> indexes(Array array) throws SQLException {
    Map<String, String> indexes = new LinkedHashMap<>();
    for (Object it : (Object[]) array.getArray()) {
      String[] parts = String.valueOf(it).split("=", 2);
      indexes.put(parts[0], parts[1]);
    }
    return indexes;
  }

  private static Set<String> keys(Array array) throws SQLException {
    Set<String> keys = new HashSet<>();
    for (Object it : (Object[]) array.getArray()) {
      keys.add(String.valueOf(it));
    }
    return keys;
  }

  private static String array(Collection<Long> oids) {
    StringBuilder text = new StringBuilder("{");
    oids.forEach(it -> text.append(text.length() > 1 ? "," : "").append(it));
    return text.append('}').toString();
  }

  /** All tables of production, and all views. */
  Set<Long> all(Predicate<String> production) throws SQLException {
    Set<Long> found = new HashSet<>();
    try (PreparedStatement statement = connection.prepareStatement(ALL);
        ResultSet rs = statement.executeQuery()) {
      while (rs.next()) {
        if (rs.getBoolean("view") || production.test(rs.getString("name"))) {
          found.add(rs.getLong("oid"));
        }
      }
    }
    return found;
  }

  /** How often tables were read as a whole, which counts on from one transaction to the next. */
  Map<Long, Long> scans() throws SQLException {
    Map<Long, Long> scans = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(SCANS);
        ResultSet rs = statement.executeQuery()) {
      while (rs.next()) {
        scans.put(rs.getLong("oid"), rs.getLong("scans"));
      }
    }
    return scans;
  }

  /** The strongest lock on each relation of users that this transaction has. */
  Map<Long, LockMode> locks() throws SQLException {
    Map<Long, LockMode> locks = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(LOCKS);
        ResultSet rs = statement.executeQuery()) {
      while (rs.next()) {
        locks.merge(
            rs.getLong("oid"),
            mode(rs.getString("mode")),
            (one, two) -> one.compareTo(two) > 0 ? one : two);
      }
    }
    return locks;
  }

  /** The server says {@code AccessExclusiveLock}. */
  static LockMode mode(String name) {
    String words = name.replaceFirst("Lock$", "").replaceAll("(?<=[a-z])(?=[A-Z])", "_");
    return LockMode.valueOf(words.toUpperCase(Locale.ROOT));
  }

  Set<Long> descendants(Set<Long> oids) throws SQLException {
    return ids(DESCENDANTS, array(oids));
  }

  /** The ids of tables, views and indexes by their names, as SQL writes them. */
  Set<Long> oids(List<String> names) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(OIDS)) {
      statement.setArray(1, connection.createArrayOf("text", names.toArray()));
      return ids(statement);
    }
  }

  private Set<Long> ids(String sql, String array) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, array);
      return ids(statement);
    }
  }

  private static Set<Long> ids(PreparedStatement statement) throws SQLException {
    Set<Long> found = new HashSet<>();
    try (ResultSet rs = statement.executeQuery()) {
      while (rs.next()) {
        long oid = rs.getLong("oid");
        if (!rs.wasNull()) {
          found.add(oid);
        }
      }
    }
    return found;
  }
}
