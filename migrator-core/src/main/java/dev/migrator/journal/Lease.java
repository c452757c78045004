package dev.migrator.journal;

import dev.migrator.MigratorStatus.Leader;
import dev.migrator.postgres.Database;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Who does the work: a row with an owner, an expiry on the database's clock and a token that grows
 * with every change of owner. No session is bound to it, so it works through a transaction pooler
 * and ends by itself after kill -9.
 *
 * <p>Why two instances that both believe to lead cannot both commit a step: every transaction of a
 * step first locks the row of its own token with FOR KEY SHARE ({@link #check}). A takeover changes
 * the token, which is part of a key, so it conflicts with that lock: either it came first, and the
 * check finds no row; or it has to wait until the step's transaction has ended, and then the next
 * leader reads what the step has recorded. A renewal changes no key and passes. An instance that
 * was frozen inside such a transaction is ended by the transaction's own idle limit.
 */
public final class Lease {

  /** How long a wish is good for: who waits says it again and again, who was killed does not. */
  private static final Duration WISH = Duration.ofSeconds(5);

  /**
   * How long whoever leads is not disturbed: two that cannot come forward and ask each other again
   * and again leave room for a third change.
   */
  private static final long TURN = TimeUnit.SECONDS.toNanos(2);

  private final Database database;

  private final String instance;

  private final Duration time;

  private volatile long token = -1;

  private volatile boolean wanted;

  private volatile long takenAt;

  public Lease(Database database, String instance, Duration time) {
    this.database = database;
    this.instance = instance;
    this.time = time;
  }

  /** Whether this instance held the lease when it last heard of it. */
  public boolean isHeld() {
    return token >= 0;
  }

  /** Takes the lease if it is free or expired. Never waits for another instance. */
  public boolean tryAcquire() {
    if (isHeld()) {
      return true;
    }
    Optional<Long> taken =
        database.inTransaction(
            () ->
                database
                    .jdbc()
                    .sql(
                        """
                        UPDATE migrator.lease
                           SET token = token + 1, instance = :instance, since = clock_timestamp(),
                               expires_at = clock_timestamp() + :time::interval, wanted_at = NULL
                         WHERE (name, token) IN (
                                 SELECT name, token FROM migrator.lease
                                  WHERE name = 'leader'
                                    AND (expires_at < clock_timestamp()
                                         -- Longer than any lease: the clock was set back.
                                         OR expires_at > clock_timestamp() + interval '11 minutes')
                                    FOR UPDATE SKIP LOCKED)
                        RETURNING token
                        """)
                    .param("instance", instance)
                    .param("time", milliseconds(time))
                    .query(Long.class)
                    .optional());
    taken.ifPresent(
        it -> {
          wanted = false;
          takenAt = System.nanoTime();
          token = it;
        });
    return taken.isPresent();
  }

  /** Puts the expiry off. If somebody else has the lease, forgets it. */
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
                        """)
                    .param("time", milliseconds(time))
                    .param("token", held)
                    .update());
    if (renewed == 0) {
      token = -1;
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
                    SELECT coalesce(wanted_at > clock_timestamp() - :wish::interval, false)
                      FROM migrator.lease WHERE name = 'leader' AND token = :token FOR KEY SHARE
                    """)
                .param("wish", milliseconds(WISH))
                .param("token", held)
                .query(Boolean.class)
                .optional();
    if (current.isEmpty()) {
      token = -1;
      throw new LeaseLostException();
    }
    wanted = current.get();
  }

  /** Says that the start of this instance waits for whoever leads. */
  public void want() {
    database.inTransaction(
        () -> {
          database
              .jdbc()
              .sql(
                  """
                  UPDATE migrator.lease SET wanted_at = clock_timestamp()
                   WHERE name = 'leader' AND expires_at > clock_timestamp()
                     AND coalesce(wanted_at, '-infinity') < clock_timestamp() - interval '1 second'
                  """)
              .update();
        });
  }

  /**
   * Whether the start of another instance waited for this one at the last {@link #check}, and this
   * one has led for a while.
   */
  public boolean isWanted() {
    return wanted && System.nanoTime() - takenAt > TURN;
  }

  /** Gives the lease back, so that another instance can take it at once. */
  public void release() {
    long held = token;
    if (held < 0) {
      return;
    }
    token = -1;
    wanted = false;
    database.inTransaction(
        () -> {
          database
              .jdbc()
              .sql(
                  "UPDATE migrator.lease SET expires_at = '-infinity' WHERE name = 'leader' AND token = ?")
              .param(held)
              .update();
        });
  }

  /** Who holds it, whoever that is. */
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

  private static String milliseconds(Duration time) {
    return time.toMillis() + " milliseconds";
  }
}
