package dev.migrator.internal.journal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads columns that can be NULL. */
final class Columns {

  private Columns() {}

  static @Nullable Instant instant(ResultSet rs, String column) throws SQLException {
    Timestamp timestamp = rs.getTimestamp(column);
    return (timestamp == null) ? null : timestamp.toInstant();
  }
}
