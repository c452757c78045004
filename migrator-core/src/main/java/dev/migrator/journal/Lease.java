package dev.migrator.journal;

import dev.migrator.MigratorStatus.Leader;
import dev.migrator.postgres.Database;
import java.time.Duration;
import java.util.Optional;

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

  private final Database database;

  private final String instance;

  private final Duration time;

  private volatile long token = -1;

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
                               expires_at = clock_timestamp() + :time::interval
                         WHERE (name, token) IN (
                                 SELECT name, token FROM migrator.lease
                                  WHERE name = 'leader' AND expires_at < clock_timestamp()
                                    FOR UPDATE SKIP LOCKED)
                        RETURNING token
                        """)
                    .param("instance", instance)
                    .param("time", interval())
                    .query(Long.class)
                    .optional());
    taken.ifPresent(it -> token = it);
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
                    .param("time", interval())
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
    boolean current =
        held >= 0
            && database
                .jdbc()
                .sql(
                    """
                    SELECT 1 FROM migrator.lease WHERE name = 'leader' AND token = ? FOR KEY SHARE
                    """)
                .param(held)
                .query(Integer.class)
                .optional()
                .isPresent();
    if (!current) {
      token = -1;
      throw new LeaseLostException();
    }
  }

  /** Gives the lease back, so that another instance can take it at once. */
  public void release() {
    long held = token;
    if (held < 0) {
      return;
    }
    token = -1;
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

  private String interval() {
    return time.toMillis() + " milliseconds";
  }
}
