package dev.migrator.check.internal.effect;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * How far sequences are. A rollback leaves them where they are, so what is run again would get
 * other numbers than in production, and statements behind it may name those.
 */
final class Positions {

  private static final String READ =
      """
      SELECT pg_catalog.string_agg(pg_catalog.format('(%s::oid, %s::bigint, %L::boolean)',
               s.seqrelid, coalesce(l.value, s.seqstart), l.value IS NOT NULL), ', ')
        FROM pg_catalog.pg_sequence s
        CROSS JOIN LATERAL (SELECT pg_catalog.pg_sequence_last_value(s.seqrelid) AS value) l
      """;

  private static final String WRITE =
      "SELECT pg_catalog.setval(s.id::regclass, s.value, s.called) FROM (VALUES %s) AS s (id, value, called)";

  private Positions() {}

  /** What takes them back; empty if there is no sequence. */
  static String read(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rs = statement.executeQuery(READ)) {
      rs.next();
      String all = rs.getString(1);
      return (all == null) ? "" : WRITE.formatted(all);
    }
  }
}
