package dev.migrator.internal.fleet;

import dev.migrator.MappedColumn;
import dev.migrator.error.UnsupportedDatabaseException;
import dev.migrator.internal.Timings;
import dev.migrator.internal.plan.Fleet;
import dev.migrator.internal.plan.Member;
import dev.migrator.internal.sql.Database;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The rows of all instances.
 *
 * <p>Why no instance can slip past the contract: who registers first takes the gate's row FOR
 * SHARE, and looks at the journal when its row is committed; a contract takes the gate's row FOR
 * UPDATE ({@link #close}), looks at the rows, and commits. If the registration came first, the
 * contract sees it. If the contract came first, the registration waits for it, and then the journal
 * says that the old side is gone.
 *
 * <p>Why an instance that was taken for gone cannot come back unnoticed: the contract marks the
 * rows whose lease is over, and a heartbeat only renews a row that is not marked. Both write the
 * row, so one of them comes first and the other one sees it.
 */
public final class Registry {

  /** Longer than any soak time. */
  private static final String KEPT = "31 days";

  /**
   * A contract that is being taken back has no old side yet, and one that nobody has to write is
   * not to be read.
   */
  private static final String READABLE =
      "(phase = 'CONTRACT' OR (phase = 'SWITCH_READ' AND (NOT undoing OR old_side <> 'KEPT')))";

  /** Another text whenever a table gets a column or loses one. */
  private static final String SHAPES =
      """
      coalesce((SELECT string_agg(id || CASE phase WHEN 'CONTRACT' THEN ' -' ELSE ' +' END, ',' ORDER BY id)
                  FROM migrator.migration WHERE phase IS NOT NULL AND NOT completed), '')
      """;

  private final Database database;

  private final Duration leaseTime;

  private final LeaseWatch watch;

  public Registry(Database database, Duration leaseTime, Timings timings) {
    this.database = database;
    this.leaseTime = leaseTime;
    this.watch = new LeaseWatch(System::nanoTime, timings);
  }

  /** Looks, and gives up on a connection that has died without a word before the lease ends. */
  void soon(Runnable look) {
    database.answeringWithin(
        leaseTime.dividedBy(3),
        () -> {
          look.run();
          return true;
        });
  }

  /** Registers, or registers again. In one statement, as every start does it. */
  void register(InstanceInfo self, Duration uptime, @Nullable Collection<MappedColumn> mapped) {
    int registered =
        database.write(
            () ->
                database
                    .jdbc()
                    .sql(
                        """
                    INSERT INTO migrator.instance AS i
                           (key, name, application, release, address, session_name, started_at, seen_at,
                            expires_at, declares, mapped)
                    SELECT :key, :name, :application, :release, inet_client_addr(),
                           current_setting('application_name'), clock_timestamp() - :uptime::interval,
                           clock_timestamp(), clock_timestamp() + :lease::interval, :declares, :mapped
                      FROM (SELECT 1 FROM migrator.lease WHERE name = 'registration' FOR SHARE) AS gate
                    ON CONFLICT (key) DO UPDATE
                       SET seen_at = clock_timestamp(), expires_at = excluded.expires_at, left_at = NULL,
                           beats = i.beats + 1,
                           reads = '{}', mapped = excluded.mapped
                    """)
                    .param("key", self.key())
                    .param("name", self.name())
                    .param("application", self.application())
                    .param("release", self.release())
                    .param("uptime", millis(uptime))
                    .param("lease", millis(leaseTime))
                    .param("declares", Wire.declares(self.declares()))
                    .param("mapped", (mapped == null) ? null : Wire.mapped(mapped))
                    .update());
    if (registered != 1) {
      throw new UnsupportedDatabaseException(
          "the row \"registration\" is missing in migrator.lease; restore it, or no contract could see this instance",
          null);
    }
  }

  /**
   * A sign of life.
   *
   * @return what it finds; {@code null} if the instance is not registered any longer
   */
  @Nullable Beat beat(InstanceInfo self) {
    return database
        .write(
            () ->
                database
                    .jdbc()
                    .sql(
                        """
                        UPDATE migrator.instance
                           SET seen_at = clock_timestamp(), beats = beats + 1,
                               expires_at = clock_timestamp() + :lease::interval
                         WHERE key = :key AND left_at IS NULL
                        RETURNING EXISTS (SELECT FROM migrator.backfill WHERE work IS NOT NULL) AS work,
                    """
                            + SHAPES
                            + " AS shapes")
                    .param("lease", millis(leaseTime))
                    .param("key", self.key())
                    .query((rs, row) -> new Beat(rs.getString("shapes"), rs.getBoolean("work")))
                    .optional())
        .orElse(null);
  }

  /**
   * What a sign of life finds.
   *
   * @param shapes another text whenever a table gets a column or loses one
   * @param work whether there are rows to be worked on, by whichever instance
   */
  record Beat(String shapes, boolean work) {}

  /** Gives the registration back, and forgets those that have gone long ago. */
  void leave(InstanceInfo self) {
    database.write(
        () ->
            database
                .jdbc()
                .sql(
                    """
                    WITH old AS (
                      DELETE FROM migrator.instance
                       WHERE coalesce(left_at, expires_at) < clock_timestamp() - :kept::interval)
                    UPDATE migrator.instance SET left_at = clock_timestamp()
                     WHERE key = :key AND left_at IS NULL
                    """)
                .param("kept", KEPT)
                .param("key", self.key())
                .update());
  }

  /** Until when another live instance has the name; {@code null} if none has. */
  @Nullable Instant taken(InstanceInfo self) {
    return database
        .read(
            () ->
                database
                    .jdbc()
                    .sql(
                        """
                    SELECT expires_at FROM migrator.instance
                     WHERE name = ? AND key <> ? AND left_at IS NULL AND expires_at > clock_timestamp()
                       -- Else the clock was set back, and it could be waited for as long as that.
                       AND seen_at <= clock_timestamp()
                     ORDER BY expires_at DESC LIMIT 1
                    """)
                    .params(self.name(), self.key())
                    .query((rs, row) -> rs.getTimestamp("expires_at").toInstant())
                    .optional())
        .orElse(null);
  }

  void mapped(InstanceInfo self, Collection<MappedColumn> columns) {
    database.write(
        () ->
            database
                .jdbc()
                .sql("UPDATE migrator.instance SET mapped = ? WHERE key = ?")
                .params(Wire.mapped(columns), self.key())
                .update());
  }

  /**
   * Which of the changes have their new side proved and are not being taken back to before that.
   */
  Set<String> switched(Collection<String> migrations) {
    return new HashSet<>(
        database.read(
            () ->
                database
                    .jdbc()
                    .sql("SELECT id FROM migrator.migration WHERE id = ANY (?) AND " + READABLE)
                    .param(migrations.toArray(String[]::new))
                    .query(String.class)
                    .list()));
  }

  /**
   * Tells the others that this instance is about to read the new side. An operator's word that
   * takes it back locks the same row of the change: it comes first, and this does nothing; or it
   * comes later, and sees what was told here.
   *
   * @return whether it may
   */
  boolean announce(InstanceInfo self, String migration) {
    return 1
        == database.write(
            () ->
                database
                    .jdbc()
                    .sql(
                        """
                        UPDATE migrator.instance SET reads = reads || :told
                         WHERE key = :key AND left_at IS NULL
                           AND EXISTS (SELECT FROM (SELECT phase, undoing, old_side FROM migrator.migration
                                                     WHERE id = :id FOR SHARE) AS m
                                        WHERE """
                            + READABLE
                            + ")")
                    .param("told", Wire.reads(Map.of(migration, Member.Reads.BOTH)))
                    .param("key", self.key())
                    .param("id", migration)
                    .update());
  }

  void reads(InstanceInfo self, Map<String, Member.Reads> reads) {
    database.write(
        () ->
            database
                .jdbc()
                .sql("UPDATE migrator.instance SET reads = ? WHERE key = ?")
                .params(Wire.reads(reads), self.key())
                .update());
  }

  /**
   * Keeps others from registering until the transaction at hand ends, takes those for gone whose
   * lease is over, and says who is left.
   */
  public Fleet close(Duration since) {
    database
        .jdbc()
        .sql("SELECT 1 FROM migrator.lease WHERE name = 'registration' FOR UPDATE")
        .query(Integer.class)
        .single();
    markGone();
    return new Fleet(rows(since).stream().map(it -> it.member(false)).toList());
  }

  /** Takes those for gone whose lease is over: they have to register again. */
  public void markGone() {
    List<Row> gone = rows(Duration.ZERO).stream().filter(Row::isOver).toList();
    if (!gone.isEmpty()) {
      database
          .jdbc()
          .sql(
              """
              UPDATE migrator.instance SET left_at = least(expires_at, clock_timestamp())
               WHERE left_at IS NULL
                 AND (key, beats) IN (SELECT k, b FROM unnest(:keys, :beats) AS gone (k, b))
              """)
          .param("keys", gone.stream().map(Row::key).toArray(UUID[]::new))
          .param("beats", gone.stream().map(Row::beats).toArray(Long[]::new))
          .update();
    }
  }

  /** Watches the others, so that the end of a lease is known when somebody asks. */
  void watchOthers() {
    database.read(() -> rows(Duration.ZERO));
  }

  /**
   * Who lives, and who has gone not longer ago than that. Those whose lease is over count as gone,
   * but can still come back as long as nobody has marked them.
   */
  public Fleet read(Duration since) {
    return new Fleet(rows(since).stream().map(it -> it.member(it.isOver())).toList());
  }

  private List<Row> rows(Duration since) {
    List<Row> rows =
        database
            .jdbc()
            .sql(
                """
                SELECT key, beats, name, application, release, started_at, seen_at, expires_at, left_at,
                       declares, reads, mapped, clock_timestamp() AS now
                  FROM migrator.instance
                 WHERE left_at IS NULL OR left_at > clock_timestamp() - ?::interval
                 ORDER BY started_at, key
                """)
            .param(millis(since))
            .query((rs, row) -> row(rs))
            .list();
    watch.keep(rows.stream().map(Row::key).toList());
    return rows;
  }

  private Row row(ResultSet rs) throws SQLException {
    UUID key = rs.getObject("key", UUID.class);
    long beats = rs.getLong("beats");
    Member member = member(rs);
    Duration lease = Duration.between(member.seenAt(), member.expiresAt());
    boolean gone = member.isLive() && watch.isGone(key, beats, lease);
    Instant now = rs.getTimestamp("now").toInstant();
    return new Row(
        key, beats, member, gone, now.isBefore(member.expiresAt()) ? now : member.expiresAt());
  }

  private static Member member(ResultSet rs) throws SQLException {
    Array mapped = rs.getArray("mapped");
    return new Member(
        rs.getString("name"),
        rs.getString("application"),
        rs.getString("release"),
        rs.getTimestamp("started_at").toInstant(),
        rs.getTimestamp("seen_at").toInstant(),
        rs.getTimestamp("expires_at").toInstant(),
        instant(rs, "left_at"),
        Wire.declares(strings(rs.getArray("declares"))),
        Wire.reads(strings(rs.getArray("reads"))),
        (mapped == null) ? null : Wire.mapped(strings(mapped)));
  }

  private static @Nullable Instant instant(ResultSet rs, String column) throws SQLException {
    Timestamp timestamp = rs.getTimestamp(column);
    return (timestamp == null) ? null : timestamp.toInstant();
  }

  private static List<String> strings(Array array) throws SQLException {
    return List.of((String[]) array.getArray());
  }

  private static String millis(Duration duration) {
    return duration.toMillis() + " milliseconds";
  }

  /**
   * An instance, and what only this package needs of it.
   *
   * @param beats how many signs of life it has given
   * @param isOver whether its lease is over, though nobody has marked it yet
   * @param end when it ended, if it is over
   */
  private record Row(UUID key, long beats, Member member, boolean isOver, Instant end) {

    Member member(boolean gone) {
      return gone ? member.goneAt(end) : member;
    }
  }
}
