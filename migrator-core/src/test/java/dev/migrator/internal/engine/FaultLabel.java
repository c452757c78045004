package dev.migrator.internal.engine;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What kind of transaction is about to be committed: the steps that are under way, those that it
 * records itself, and what it does to which tables of the journal, or else to which kind of object.
 */
final class FaultLabel {

  private static final Pattern WRITE =
      Pattern.compile(
          "(?<!(?:FOR|KEY|DO|ON|OR|BEFORE|AFTER) )\\b(INSERT INTO|UPDATE|DELETE FROM) (?:ONLY )?(migrator\\.\\w+|\\S)|^\\s*(CREATE|ALTER|DROP|COMMENT|LOCK|GRANT) (\\w+)");

  private static final String STEPS =
      """
      SELECT string_agg(DISTINCT name || CASE WHEN xmin = pg_current_xact_id()::xid THEN ' ' || state ELSE '' END, ', ')
        FROM migrator.step
       WHERE state = 'RUNNING' OR xmin = pg_current_xact_id()::xid
      """;

  private final Set<String> writes = new TreeSet<>();

  /** Notes a statement of the transaction. */
  void add(String sql) {
    Matcher matcher = WRITE.matcher(sql);
    while (matcher.find()) {
      String table = matcher.group(2);
      writes.add(
          (table == null)
              ? matcher.group(3) + " " + matcher.group(4)
              : matcher.group(1) + " " + (table.startsWith("migrator.") ? table : "rows"));
    }
  }

  void clear() {
    writes.clear();
  }

  /** To be asked right before the commit, in its transaction. */
  String of(Connection connection) throws SQLException {
    return steps(connection) + ": " + String.join(", ", writes);
  }

  private static String steps(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return isInstalled(statement) ? text(statement, STEPS) : "no journal";
    }
  }

  private static boolean isInstalled(Statement statement) throws SQLException {
    return text(statement, "SELECT to_regclass('migrator.step')") != null;
  }

  private static String text(Statement statement, String sql) throws SQLException {
    try (ResultSet rs = statement.executeQuery(sql)) {
      rs.next();
      return rs.getString(1);
    }
  }
}
