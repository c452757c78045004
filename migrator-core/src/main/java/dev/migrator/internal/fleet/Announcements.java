package dev.migrator.internal.fleet;

import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Interval;
import java.time.Duration;
import java.util.List;

/**
 * Changes of the columns of tables, announced by the leader so that every instance protects the
 * statements that its connections have prepared, and answers.
 *
 * <p>Why no statement fails unprotected: an instance ends its protection only when a heartbeat has
 * found the announcement to be over. The leader counts on an answer only while at least half of the
 * announcement's time is left, and a heartbeat takes no longer than a third of the lease time,
 * which is that time; so no heartbeat that is under way can have found it over. Later the leader
 * makes a new announcement, which nobody has answered yet.
 */
public final class Announcements {

  private static final Duration LONG = Duration.ofHours(12);

  private final Database database;

  private final Duration time;

  /**
   * Makes it.
   *
   * @param leaseTime for how long an announcement is good
   */
  public Announcements(Database database, Duration leaseTime) {
    this.database = database;
    this.time = leaseTime;
  }

  /**
   * What there is of an announcement.
   *
   * @param number its number
   * @param active whether it still counts
   * @param changes how often a table got other columns
   */
  public record Found(long number, boolean active, long changes) {}

  /**
   * Announces a change, or goes on with the announcement at hand. In a transaction of the leader.
   *
   * @param longWork whether the change comes at the end of work that may take hours
   */
  public Found announce(boolean longWork) {
    return database
        .jdbc()
        .sql(
            """
            UPDATE migrator.announcement
               SET number = number + CASE WHEN ends_at > clock_timestamp() + :half::interval THEN 0 ELSE 1 END,
                   ends_at = CASE WHEN ends_at > clock_timestamp() + :half::interval THEN ends_at
                                  ELSE clock_timestamp() + :time::interval END
            RETURNING number, changes
            """)
        .param("half", Interval.of(longWork ? LONG.dividedBy(2) : time.dividedBy(2)))
        .param("time", Interval.of(longWork ? LONG : time))
        .query((rs, row) -> new Found(rs.getLong("number"), true, rs.getLong("changes")))
        .single();
  }

  /** The live instances that can answer and have not. */
  public List<String> unanswered(long number) {
    return database
        .jdbc()
        .sql(
            """
            SELECT name FROM migrator.instance
             WHERE left_at IS NULL AND protection < ? ORDER BY name
            """)
        .param(number)
        .query(String.class)
        .list();
  }

  /** Says that this instance protects its statements. */
  void answer(InstanceInfo self, long number) {
    database.write(
        () ->
            database
                .jdbc()
                .sql("UPDATE migrator.instance SET protection = ? WHERE key = ?")
                .params(number, self.key())
                .update());
  }

  /**
   * A table has other columns when the transaction at hand commits.
   *
   * @return whether the announcement still counts, so that nobody has ended its protection
   */
  public boolean changed(long number) {
    return 1
        == database
            .jdbc()
            .sql(
                """
                UPDATE migrator.announcement
                   SET changes = changes + 1, ends_at = least(ends_at, clock_timestamp() + :time::interval)
                 WHERE number = :number AND ends_at > clock_timestamp()
                """)
            .param("time", Interval.of(time))
            .param("number", number)
            .update();
  }
}
