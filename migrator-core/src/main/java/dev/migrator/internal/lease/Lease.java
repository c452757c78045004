package dev.migrator.internal.lease;

import dev.migrator.internal.Timings;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Interval;
import dev.migrator.status.MigratorStatus.Leader;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * Who leads: a row with an owner, an expiry on the database's clock and a fencing token, which
 * grows with every change of owner. No session is bound to it, so it works through a transaction
 * pooler and ends by itself after kill -9.
 *
 * <p>Why two instances that both believe they lead cannot both commit a step: every transaction of
 * a step first locks the row of its own token with FOR KEY SHARE ({@link #check}). A takeover
 * changes the token, which is part of a key, so it conflicts with that lock. Either it came first,
 * and the check finds no row; or it waits until the step's transaction has ended, and then the next
 * leader reads what the step has recorded. A renewal changes no key and passes. If an instance
 * freezes inside such a transaction, the transaction's own idle limit ends it.
 */
public final class Lease {

  /** What an instance leads for. */
  public enum Purpose {
    /** Columns and triggers, which its start waits for and which take moments. */
    BRIEF_START,
    /** Anything else that it needs before it serves. */
    START,
    /** What can be done while it serves. */
    BACKGROUND
  }

  /**
   * Whether an instance wants to lead next. One that waits renews its wish, one that was killed
   * does not; and a wish in the future was recorded before the clock was set back.
   */
  private static final String WANTED =
      """
      coalesce(wanted_at BETWEEN clock_timestamp() - :wantedFor::interval
                             AND clock_timestamp() + :wantedFor::interval, false)""";

  private final Database database;

  private final String instance;

  private final Duration time;

  private final Timings.Leading timings;

  private final UUID key = UUID.randomUUID();

  private volatile long token = -1;

  private volatile boolean guest;

  private volatile boolean wanted;

  private volatile long takenAt;

  public Lease(Database database, String instance, Duration time, Timings.Leading timings) {
    this.database = database;
    this.instance = instance;
    this.time = time;
    this.timings = timings;
  }

  /** Whether this instance held the lease when it last heard of it. */
  public boolean isHeld() {
    return token >= 0;
  }

  /**
   * Takes the lease if it is free or expired, and no other instance is to lead next. Never waits
   * for another instance.
   */
  public boolean tryAcquire(Purpose purpose) {
    if (isHeld()) {
      return true;
    }
    Optional<Taken> taken =
        database.inTransaction(
            () ->
                database
                    .jdbc()
                    .sql(
                        """
                        UPDATE migrator.lease AS lease
                           SET token = lease.token + 1, instance = :instance,
                               starting = :starting, since = clock_timestamp(),
                               expires_at = clock_timestamp() + :time::interval,
                               wanted_by = NULL, wanted_at = NULL
                          FROM (SELECT name, token, starting AND wanted_by IS NOT DISTINCT FROM :key AS guest
                                  FROM migrator.lease
                                 WHERE name = 'leader'
                                   AND (expires_at < clock_timestamp()
                                        -- Longer than any lease: the clock was set back.
                                        OR expires_at > clock_timestamp() + interval '11 minutes')
                                   AND (wanted_by IS NOT DISTINCT FROM :key OR NOT %s)
                                   -- A start that has yielded to a brief one comes back first.
                                   AND (:starting OR NOT starting
                                        OR since NOT BETWEEN clock_timestamp() - :startsFirst::interval
                                                         AND clock_timestamp())
                                   FOR UPDATE SKIP LOCKED) AS free
                         WHERE lease.name = free.name AND lease.token = free.token
                        RETURNING lease.token, free.guest
                        """
                            .formatted(WANTED))
                    .param("instance", instance)
                    .param("starting", purpose != Purpose.BACKGROUND)
                    .param("time", Interval.of(time))
                    .param("wantedFor", Interval.of(timings.wantedFor()))
                    .param("startsFirst", Interval.of(timings.startsFirst()))
                    .param("key", key)
                    .query(Taken.class)
                    .optional());
    taken.ifPresent(
        it -> {
          wanted = false;
          takenAt = System.nanoTime();
          guest = it.guest();
          hold(it.token());
        });
    return taken.isPresent();
  }

  /** Renews the lease. If another instance has it, forgets it. */
  public void renew() {
    long held = token;
    if (held < 0) {
      return;
    }
    int renewed =
        database.inTransaction(
            () ->
                database
                    .jdbc()
                    .sql(
                        """
                        UPDATE migrator.lease SET expires_at = clock_timestamp() + :time::interval
                         WHERE name = 'leader' AND token = :token
                           -- It may have been released a moment ago, by another thread.
                           AND expires_at > '-infinity'
                        """)
                    .param("time", Interval.of(time))
                    .param("token", held)
                    .update());
    if (renewed == 0) {
      forget(held);
    }
  }

  /**
   * To be called first in every transaction that changes something as the leader.
   *
   * @throws LeaseLostException if another instance leads
   */
  public void check() {
    long held = token;
    Optional<Boolean> current =
        (held < 0)
            ? Optional.empty()
            : database
                .jdbc()
                .sql(
                    """
                    SELECT %s
                      FROM migrator.lease WHERE name = 'leader' AND token = :token FOR KEY SHARE
                    """
                        .formatted(WANTED))
                .param("token", held)
                .param("wantedFor", Interval.of(timings.wantedFor()))
                .query(Boolean.class)
                .optional();
    if (current.isEmpty()) {
      forget(held);
      throw new LeaseLostException();
    }
    wanted = current.get();
  }

  /**
   * Records that the start of this instance wants to lead next, unless another instance wants to
   * already. To be repeated every few seconds. Starts go before background work, and brief starts
   * before others, unless those wait for a lock: background work asks nobody.
   */
  public void want(Purpose purpose) {
    database.inTransaction(
        () -> {
          database
              .jdbc()
              .sql(
                  """
                  UPDATE migrator.lease SET wanted_by = :key, wanted_at = clock_timestamp()
                   WHERE name = 'leader' AND expires_at > clock_timestamp() AND (:brief OR :start AND NOT starting)
                     AND CASE WHEN wanted_by = :key
                              THEN wanted_at < clock_timestamp() - :wantAgain::interval OR NOT %s
                              ELSE NOT %s END
                  """
                      .formatted(WANTED, WANTED))
              .param("key", key)
              .param("brief", purpose == Purpose.BRIEF_START)
              .param("start", purpose == Purpose.START)
              .param("wantedFor", Interval.of(timings.wantedFor()))
              .param("wantAgain", Interval.of(timings.wantAgain()))
              .update();
        });
  }

  /** Withdraws the wish. */
  public void wantNoLonger() {
    database.inTransaction(
        () -> {
          database
              .jdbc()
              .sql(
                  "UPDATE migrator.lease SET wanted_by = NULL, wanted_at = NULL WHERE wanted_by = ?")
              .param(key)
              .update();
        });
  }

  /**
   * Whether another instance wanted to lead at the last {@link #check}, and this one has led for a
   * while.
   */
  public boolean isWanted() {
    return wanted && System.nanoTime() - takenAt > timings.turn().toNanos();
  }

  /** Whether another start has yielded to this one, which is to be brief for it. */
  public boolean isGuest() {
    return isHeld() && guest;
  }

  /**
   * Records that the leader waits for a lock. If it is a start, any other start may ask it to yield
   * from now on. To be called in a transaction after {@link #check}.
   */
  public void waits() {
    database
        .jdbc()
        .sql(
            "UPDATE migrator.lease SET starting = false WHERE name = 'leader' AND token = ? AND starting")
        .param(token)
        .update();
  }

  /** Releases the lease, so that another instance can take it at once. */
  public void release() {
    leave(false);
  }

  /** Yields to another start for a while. The background work of others waits meanwhile. */
  public void yieldToStart() {
    leave(true);
  }

  private void leave(boolean comesBack) {
    long held = token;
    if (held < 0) {
      return;
    }
    forget(held);
    wanted = false;
    database.inTransaction(
        () -> {
          database
              .jdbc()
              .sql(
                  """
                  UPDATE migrator.lease SET expires_at = '-infinity', starting = starting AND ?
                   WHERE name = 'leader' AND token = ?
                  """)
              .param(comesBack)
              .param(held)
              .update();
        });
  }

  private synchronized void hold(long taken) {
    token = taken;
  }

  /** Not if it was released and taken again meanwhile, by another thread. */
  private synchronized void forget(long held) {
    if (token == held) {
      token = -1;
    }
  }

  /** The instance that leads. */
  public Optional<Leader> leader() {
    return database
        .jdbc()
        .sql(
            """
            SELECT instance, since, expires_at FROM migrator.lease
             WHERE name = 'leader' AND expires_at > clock_timestamp()
            """)
        .query(
            (rs, row) ->
                new Leader(
                    rs.getString("instance"),
                    rs.getTimestamp("since").toInstant(),
                    rs.getTimestamp("expires_at").toInstant()))
        .optional();
  }

  /**
   * The lease, just taken.
   *
   * @param token the new token
   * @param guest whether this instance had asked a start for it
   */
  record Taken(long token, boolean guest) {}
}
