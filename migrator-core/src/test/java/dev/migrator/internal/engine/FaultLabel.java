package dev.migrator.internal.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What kind of transaction is about to be committed: the steps that are under way, those that it
 * records itself, and what it does to which tables of the journal, or else to which kind of object.
 */
final class FaultLabel {

  private static final Pattern WRITE =
      Pattern.compile(
          "(?<!(?:FOR|KEY|DO|ON|OR|BEFORE|AFTER) )\\b(INSERT INTO|UPDATE|DELETE FROM) (?:ONLY )?(migrator\\.\\w+|\\S)|^\\s*(CREATE|ALTER|DROP|COMMENT|LOCK|GRANT) (\\w+)");

  /** A transaction gets its id with the first thing that it writes or locks in a table. */
  private static final String WROTE =
      "SELECT pg_current_xact_id_if_assigned() IS NOT NULL AS wrote";

  private static final String STEPS =
      WROTE
          + """
          , CASE WHEN pg_current_xact_id_if_assigned() IS NOT NULL THEN
              (SELECT string_agg(DISTINCT name || CASE WHEN xmin = pg_current_xact_id_if_assigned()::xid THEN ' ' || state ELSE '' END, ', ')
                 FROM migrator.step
                WHERE state = 'RUNNING' OR xmin = pg_current_xact_id_if_assigned()::xid) END AS steps
          """;

  private final Set<String> writes = new TreeSet<>();

  /** Whether the journal is there; the same for all transactions of a database. */
  private final AtomicBoolean installed;

  FaultLabel(AtomicBoolean installed) {
    this.installed = installed;
  }

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

  /** To be asked right before the commit, in its transaction; null if it has written nothing. */
  @Nullable String of(Connection connection) throws SQLException {
    boolean known = installed.get();
    String steps = "no journal";
    // Prepared, so that the driver keeps them: this is asked before each commit.
    try (PreparedStatement statement = connection.prepareStatement(known ? STEPS : WROTE);
        ResultSet rs = statement.executeQuery()) {
      rs.next();
      if (!rs.getBoolean("wrote")) {
        return null;
      }
      if (known) {
        steps = rs.getString("steps");
      } else if (isInstalled(connection)) {
        installed.set(true);
        return of(connection);
      }
    }
    return steps + ": " + String.join(", ", writes);
  }

  private static boolean isInstalled(Connection connection) throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement("SELECT to_regclass('migrator.step') IS NOT NULL");
        ResultSet rs = statement.executeQuery()) {
      rs.next();
      return rs.getBoolean(1);
    }
  }
}
