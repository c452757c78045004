package dev.migrator.internal.fleet;

import dev.migrator.MappedColumn;
import dev.migrator.error.ErrorCode;
import dev.migrator.error.UnsupportedDatabaseException;
import dev.migrator.internal.Timings;
import dev.migrator.internal.journal.Layout;
import dev.migrator.internal.plan.Fleet;
import dev.migrator.internal.plan.Member;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Interval;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
 * <p>Why no instance can slip past the contract: an instance that registers first locks the gate's
 * row FOR SHARE, and reads the journal when its own row is committed. A contract locks the gate's
 * row FOR UPDATE ({@link #close}), reads the instances, and commits. If the registration came
 * first, the contract sees it. If the contract came first, the registration waits for it, and then
 * the journal says that the old side is dropped.
 *
 * <p>Why an instance that was presumed dead cannot come back unnoticed: the contract marks the rows
 * whose lease is over, and a heartbeat only renews a row that is not marked. Both write the row, so
 * one of them comes first and the other one sees it.
 */
public final class Registry {

  /** Longer than any soak time. */
  private static final String KEPT = "31 days";

  /**
   * Which migrations have their new side read. While a contract is undone there is no old side yet,
   * and an old side that nobody has to write is not to be read.
   */
  private static final String READABLE =
      "(phase = 'CONTRACT' OR (phase = 'SWITCH_READ' AND (NOT undoing OR old_side <> 'KEPT')))";

  private final Database database;

  private final Duration leaseTime;

  private final InstanceRows instances;

  private final Heartbeat heartbeat;

  /** Until when the others are to be watched, by {@link System#nanoTime()}. */
  private volatile long watchUntil = System.nanoTime();

  public Registry(Database database, Duration leaseTime, Timings timings) {
    this.database = database;
    this.leaseTime = leaseTime;
    this.instances = new InstanceRows(database, new LeaseWatch(System::nanoTime, timings));
    this.heartbeat = new Heartbeat(database, leaseTime);
  }

  /** Looks, and gives up before the lease ends on a connection that has died silently. */
  void soon(Runnable look) {
    database.answeringWithin(
        leaseTime.dividedBy(3),
        () -> {
          look.run();
          return true;
        });
  }

  /**
   * Registers, or registers again. In one statement, as every start does it.
   *
   * @return how often a table got other columns before
   */
  long register(
      InstanceInfo self,
      Duration uptime,
      @Nullable Collection<MappedColumn> mapped,
      Collection<String> names,
      @Nullable Long protection) {
    return database
        .write(
            () ->
                database
                    .jdbc()
                    .sql(
                        """
                    WITH %s, files AS (
                      INSERT INTO migrator.files (digest, declares)
                      SELECT :digest, %s WHERE :hasFiles
                      -- The row is locked by it, so that nobody forgets it at the same time.
                      ON CONFLICT (digest) DO UPDATE SET used_at = clock_timestamp())
                    INSERT INTO migrator.instance AS i
                           (key, name, application, release, address, session_names, started_at, seen_at,
                            expires_at, declares, files, mapped, protection, layout)
                    SELECT :key, :name, :application, :release, inet_client_addr(),
                           :names::text[] || current_setting('application_name'), clock_timestamp() - :uptime::interval,
                           clock_timestamp(), clock_timestamp() + :lease::interval, %s, CASE WHEN :hasFiles THEN :digest END,
                           %s,
                           :protection, :layout
                      FROM (SELECT 1 FROM migrator.lease WHERE name = 'registration' FOR SHARE) AS gate
                    ON CONFLICT (key) DO UPDATE
                       SET seen_at = clock_timestamp(), expires_at = excluded.expires_at, left_at = NULL,
                           beats = i.beats + 1,
                           reads = '{}', mapped = excluded.mapped, protection = excluded.protection
                    RETURNING (SELECT changes FROM migrator.announcement) AS changes
                    """
                            .formatted(
                                DeclaredJson.DECLARED,
                                DeclaredJson.FILES,
                                DeclaredJson.DECLARES,
                                MappedJson.MAPPED))
                    .param("key", self.key())
                    .param("name", self.name())
                    .param("application", self.application())
                    .param("release", self.release())
                    .param("uptime", Interval.of(uptime))
                    .param("lease", Interval.of(leaseTime))
                    .param("names", names.toArray(String[]::new))
                    .params(DeclaredJson.parameters(self))
                    // No operator is used here that somebody could have made nearer than the
                    // server's.
                    .param("hasFiles", !self.files().digest().isEmpty())
                    .param("digest", self.files().digest())
                    .params(MappedJson.parameters(mapped))
                    .param("protection", protection, Types.BIGINT)
                    .param("layout", Layout.CURRENT.version())
                    .query((rs, row) -> rs.getLong("changes"))
                    .optional())
        .orElseThrow(
            () ->
                new UnsupportedDatabaseException(
                    ErrorCode.JOURNAL_INCOMPLETE,
                    "the row \"registration\" is missing in migrator.lease; restore it, or no contract could see this instance",
                    null));
  }

  /**
   * A sign of life.
   *
   * @return what it finds; {@code null} if the instance is not registered any longer
   */
  Heartbeat.@Nullable Beat beat(InstanceInfo self) {
    return heartbeat.give(self);
  }

  /** Gives the registration back, and forgets those that have left long ago. */
  void leave(InstanceInfo self) {
    database.write(
        () ->
            database
                .jdbc()
                .sql(
                    """
                    WITH old AS (
                      DELETE FROM migrator.instance
                       WHERE coalesce(left_at, expires_at) < clock_timestamp() - :kept::interval),
                    unused AS (
                      DELETE FROM migrator.files AS f
                       WHERE used_at < clock_timestamp() - :kept::interval
                         AND NOT EXISTS (SELECT FROM migrator.instance WHERE files = f.digest))
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

  /**
   * Registers what the code maps, and what the sessions of its pools are called, which are all
   * there by now.
   */
  void mapped(InstanceInfo self, Collection<MappedColumn> columns, Collection<String> names) {
    database.write(
        () ->
            database
                .jdbc()
                .sql(
                    """
                    UPDATE migrator.instance SET mapped = %s, session_names = session_names || :names::text[]
                     WHERE key = :key
                    """
                        .formatted(MappedJson.MAPPED))
                .params(MappedJson.parameters(columns))
                .param("names", names.toArray(String[]::new))
                .param("key", self.key())
                .update());
  }

  /** Registers what its release declares, while it waits in its start or no longer. */
  void declares(InstanceInfo self) {
    new DeclaredRecord(database).write(self);
  }

  /**
   * Which of the migrations have their new side verified and are not being undone to before that.
   */
  Set<String> switched(Collection<String> migrations) {
    return new HashSet<>(
        database.read(
            () ->
                database
                    .jdbc()
                    .sql("SELECT id FROM migrator.migration WHERE id = ANY (?) AND " + READABLE)
                    .param(migrations.toArray(String[]::new))
                    // Spring's converters are loaded by a query for a class.
                    .query((rs, row) -> rs.getString("id"))
                    .list()));
  }

  /**
   * Registers that this instance is about to read the new side. A command to undo locks the same
   * row of the migration: it comes first, and this does nothing; or it comes later, and sees what
   * was registered here.
   *
   * @return whether it may
   */
  boolean announce(InstanceInfo self, String migration) {
    return database.write(() -> announced(self, migration));
  }

  private boolean announced(InstanceInfo self, String migration) {
    return database
            .jdbc()
            .sql(
                """
                        UPDATE migrator.instance SET reads = reads || pg_catalog.jsonb_build_object(:id::text, :both::text)
                         WHERE key = :key AND left_at IS NULL
                           AND EXISTS (SELECT FROM (SELECT phase, undoing, old_side FROM migrator.migration
                                                     WHERE id = :id FOR SHARE) AS m
                                        WHERE """
                    + READABLE
                    + ")")
            .param("both", Member.Reads.BOTH.name())
            .param("key", self.key())
            .param("id", migration)
            .update()
        == 1;
  }

  void reads(InstanceInfo self, Map<String, Member.Reads> reads) {
    List<String> ids = new ArrayList<>();
    List<String> sides = new ArrayList<>();
    for (Map.Entry<String, Member.Reads> side : reads.entrySet()) {
      ids.add(side.getKey());
      sides.add(side.getValue().name());
    }
    database.write(
        () ->
            database
                .jdbc()
                .sql(
                    """
                    UPDATE migrator.instance
                       SET reads = (SELECT coalesce(pg_catalog.jsonb_object_agg(r.id, r.side), '{}')
                                      FROM ROWS FROM (pg_catalog.unnest(:ids::text[]), pg_catalog.unnest(:sides::text[]))
                                           AS r (id, side))
                     WHERE key = :key
                    """)
                .param("ids", ids.toArray(new String[0]))
                .param("sides", sides.toArray(new String[0]))
                .param("key", self.key())
                .update());
  }

  /**
   * Keeps others from registering until the transaction at hand ends, presumes those dead whose
   * lease is over, and returns who is left.
   */
  public Fleet close(Duration since) {
    database
        .jdbc()
        .sql("SELECT 1 FROM migrator.lease WHERE name = 'registration' FOR UPDATE")
        .query(Integer.class)
        .single();
    List<InstanceRows.Row> rows = rows(since);
    if (presumeDead(rows)) {
      rows = rows(since);
    }
    return new Fleet(rows.stream().map(it -> it.member(false)).toList());
  }

  /** Presumes those dead whose lease is over: they have to register again. */
  public void presumeDead() {
    presumeDead(rows(Duration.ZERO));
  }

  /** Returns whether there were any. */
  private boolean presumeDead(List<InstanceRows.Row> rows) {
    List<InstanceRows.Row> dead = rows.stream().filter(InstanceRows.Row::isOver).toList();
    if (!dead.isEmpty()) {
      database
          .jdbc()
          .sql(
              """
              UPDATE migrator.instance SET left_at = least(expires_at, clock_timestamp())
               WHERE left_at IS NULL
                 AND (key, beats) IN (SELECT k, b FROM unnest(:keys::uuid[], :beats::bigint[]) AS dead (k, b))
              """)
          .param("keys", dead.stream().map(InstanceRows.Row::key).toArray(UUID[]::new))
          .param("beats", dead.stream().map(InstanceRows.Row::beats).toArray(Long[]::new))
          .update();
    }
    return !dead.isEmpty();
  }

  /**
   * Whether an instance has not left that runs an earlier version of the library than knew a layout
   * of the journal. One that seems to be dead counts, as it can come back.
   */
  public boolean hasEarlierThan(int layout) {
    return database
        .jdbc()
        .sql(
            """
            SELECT EXISTS (SELECT FROM migrator.instance
                            WHERE left_at IS NULL AND (layout IS NULL OR layout < ?))
            """)
        .param(layout)
        .query((rs, row) -> rs.getBoolean(1))
        .single();
  }

  /** Watches the others, so that the end of a lease is known when somebody asks. */
  void watchOthers() {
    database.read(() -> rows(Duration.ZERO));
  }

  /**
   * Whether somebody has asked who lives while one of the others seemed to be dead. Only who is
   * watched for a whole lease is presumed so, and a fleet at rest watches nobody.
   */
  boolean isToWatch() {
    return System.nanoTime() - watchUntil < 0;
  }

  /**
   * Who lives, and who has left not longer ago than that. Those whose lease is over are presumed
   * dead, but can still come back as long as nobody has marked them.
   */
  public Fleet read(Duration since) {
    return new Fleet(rows(since).stream().map(it -> it.member(it.isOver())).toList());
  }

  private List<InstanceRows.Row> rows(Duration since) {
    List<InstanceRows.Row> rows = instances.rows(since);
    if (rows.stream().anyMatch(InstanceRows.Row::seemsOver)) {
      watchUntil = System.nanoTime() + leaseTime.multipliedBy(2).toNanos();
    }
    return rows;
  }
}
