package dev.migrator.internal.backfill;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Conditions on the chunk {@code c}, the backfill {@code b} and the migration {@code m}, as several
 * statements need them.
 */
final class ChunkSql {

  /** No operator holds the migration, and no step of it has failed. */
  static final String GOES_ON =
      "NOT (m.failure IS NOT NULL OR ((m.paused OR m.undoing) AND NOT b.undo))";

  /**
   * Nobody owns the chunk. No lease is longer than ten minutes, and no pause: what is further away
   * was written before the server's clock was set back.
   */
  static final String UNOWNED =
      "c.expires_at NOT BETWEEN clock_timestamp() AND clock_timestamp() + interval '11 minutes'";

  /** Nobody owns the chunk, and it is due. */
  static final String FREE =
      UNOWNED
          + " AND c.due_at NOT BETWEEN clock_timestamp() AND clock_timestamp() + interval '11 minutes'";

  /** The columns of a {@link WorkerDirective}. */
  static final String DIRECTIVE =
      Stream.of(GOES_ON, "b.throttle", "m.speed", "b.elsewhere")
              .map(
                  it ->
                      "(SELECT %s FROM migrator.backfill b JOIN migrator.migration m ON m.id = b.migration_id WHERE b.migration_id = c.migration_id)"
                          .formatted(it))
              .collect(Collectors.joining(", "))
          + ", pg_snapshot_xmax(pg_current_snapshot())::text::bigint";

  private ChunkSql() {}

  /** Reads what {@link #DIRECTIVE} gives as the first columns. */
  static WorkerDirective directive(ResultSet rs, int row) throws SQLException {
    return new WorkerDirective(
        rs.getBoolean(1), rs.getString(2), rs.getInt(3), rs.getDouble(4), rs.getLong(5));
  }
}
