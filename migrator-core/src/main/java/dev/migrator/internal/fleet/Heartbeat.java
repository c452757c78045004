package dev.migrator.internal.fleet;

import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Interval;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The sign of life of an instance, and what it finds on the way. It is all that a fleet at rest
 * does, so it reads the same few rows however many instances and finished migrations there are.
 */
final class Heartbeat {

  private final Database database;

  private final Duration leaseTime;

  Heartbeat(Database database, Duration leaseTime) {
    this.database = database;
    this.leaseTime = leaseTime;
  }

  /**
   * Gives it.
   *
   * @return what it finds; {@code null} if the instance is not registered any longer
   */
  @Nullable Beat give(InstanceInfo self) {
    return database.inTransaction(
        () -> {
          // The planner reads a table of a few pages as a whole: all instances for the row of one.
          database.preferIndexes();
          return database
              .jdbc()
              .sql(
                  """
                  UPDATE migrator.instance
                     SET seen_at = clock_timestamp(), beats = beats + 1,
                         expires_at = clock_timestamp() + :lease::interval
                   WHERE key = :key AND left_at IS NULL
                  RETURNING EXISTS (SELECT FROM migrator.backfill WHERE work IS NOT NULL) AS work,
                            (SELECT number FROM migrator.announcement) AS announced,
                            (SELECT ends_at > clock_timestamp() FROM migrator.announcement) AS active,
                            (SELECT changes FROM migrator.announcement) AS changes,
                            (SELECT max(id) FROM migrator.event) AS news,
                            EXISTS (SELECT FROM migrator.migration WHERE (NOT settled OR undoing)
                                       AND (undoing OR begun IS DISTINCT FROM phase)) AS pending
                  """)
              .param("lease", Interval.of(leaseTime))
              .param("key", self.key())
              .query(
                  (rs, row) ->
                      new Beat(
                          new Announcements.Found(
                              rs.getLong("announced"),
                              rs.getBoolean("active"),
                              rs.getLong("changes")),
                          rs.getLong("news"),
                          rs.getBoolean("pending"),
                          rs.getBoolean("work")))
              .optional()
              .orElse(null);
        });
  }

  /**
   * What a sign of life finds.
   *
   * @param announcement of a change of columns
   * @param news grows with every line of the event log
   * @param pending whether a phase or an undo has begun and is not reached, so that it matters who
   *     lives
   * @param work whether there are rows to be worked on, by whichever instance
   */
  record Beat(Announcements.Found announcement, long news, boolean pending, boolean work) {

    boolean isCalm() {
      return !pending && !work && !announcement.active();
    }
  }
}
