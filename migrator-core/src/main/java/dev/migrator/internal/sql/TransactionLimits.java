package dev.migrator.internal.sql;

import java.time.Duration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Sets how long the statements of the current transaction may wait and run. */
final class TransactionLimits {

  private static final String LIMITS =
      """
      set_config('statement_timeout', :statement, true),
      set_config('application_name', :session, true),
      -- Ends the statement of an instance that was killed; only Linux servers can.
      CASE WHEN version() LIKE '%linux%'
           THEN set_config('client_connection_check_interval', '1s', true) END
      """;

  private final JdbcClient jdbc;

  private final JdbcTemplate template;

  TransactionLimits(JdbcTemplate template, JdbcClient jdbc) {
    this.template = template;
    this.jdbc = jdbc;
  }

  void set(Duration lockTimeout, Duration statementTimeout) {
    jdbc.sql("SELECT set_config('lock_timeout', :lock, true), " + LIMITS)
        .param("lock", millis(lockTimeout))
        .param("statement", millis(statementTimeout))
        .param("session", Database.SESSION_NAME)
        .query((rs, row) -> row)
        .single();
  }

  /**
   * Sets the limits of a transaction that copies rows, and tells the library's triggers that it is
   * one. In one statement, as there are many such transactions.
   *
   * <p>A range that has locked rows and waits for another one may be part of a deadlock. The server
   * ends the session that looks first, deadlock_timeout after its wait began. By then a range has
   * given up, so it is never a statement of the application that fails.
   */
  void setForCopy(
      Duration lockTimeout, Duration statementTimeout, boolean userTriggers, Commit commit) {
    jdbc.sql(
            """
            SELECT set_config('%s', 'on', true),
                   set_config('lock_timeout', greatest(1, least(:lock,
                       EXTRACT(epoch FROM current_setting('deadlock_timeout')::interval) * 1000 / 2))::int::text, true),
                   -- Standbys that are waited for still are, or they and the commits of others would fall behind.
                   CASE WHEN :later AND current_setting('synchronous_standby_names') = ''
                        THEN set_config('synchronous_commit', 'off', true) END,
            """
                    .formatted(ObjectNames.BACKFILL_MARK)
                + LIMITS)
        .param("lock", lockTimeout.toMillis())
        .param("later", commit == Commit.LATER)
        .param("statement", millis(statementTimeout))
        .param("session", Database.SESSION_NAME)
        .query((rs, row) -> row)
        .single();
    if (!userTriggers) {
      // The library's triggers do not fire either: what the backfill writes agrees without them.
      template.execute("SET LOCAL session_replication_role = replica");
    }
  }

  /** Sets the limits of a transaction behind the copy of its rows. */
  void setBehindRange(Duration lockTimeout, Duration statementTimeout) {
    set(lockTimeout, statementTimeout);
    template.execute(
        "SELECT pg_catalog.set_config('%s', 'off', true)".formatted(ObjectNames.BACKFILL_MARK));
  }

  /** Whether a commit waits until it is on the disk. */
  enum Commit {
    DURABLE,
    /**
     * A crash of the server may lose it, with all commits behind it. The next durable one makes it
     * durable as well.
     */
    LATER
  }

  void lockTimeout(Duration lockTimeout) {
    jdbc.sql("SELECT set_config('lock_timeout', ?, true)")
        .param(millis(lockTimeout))
        .query(String.class)
        .single();
  }

  private static String millis(Duration duration) {
    return duration.equals(Database.UNLIMITED) ? "0" : Math.max(1, duration.toMillis()) + "ms";
  }
}
