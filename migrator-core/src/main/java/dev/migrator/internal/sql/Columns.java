package dev.migrator.internal.sql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads columns that can be NULL. */
public final class Columns {

  private Columns() {}

  public static @Nullable Instant instant(ResultSet rs, String column) throws SQLException {
    Timestamp timestamp = rs.getTimestamp(column);
    return (timestamp == null) ? null : timestamp.toInstant();
  }
}
