package dev.migrator.internal.engine;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Lets time pass for the leases of instances that are dead or frozen. */
final class Leases {

  private Leases() {}

  /**
   * Ends the lease of the leader, and those of chunks that nobody works on any longer. An instance
   * is presumed dead by whoever has watched it for a whole lease of its own, so that one becomes
   * short. What a frozen transaction has locked ends later, as it does in reality.
   */
  static void expire(JdbcClient jdbc) {
    if (jdbc.sql("SELECT to_regclass('migrator.chunk') IS NULL").query(Boolean.class).single()) {
      return; // it died before it had begun
    }
    expire(jdbc, "lease", "true", "'-infinity'");
    expire(jdbc, "chunk", "NOT finished", "'-infinity'");
    expire(jdbc, "instance", "left_at IS NULL", "seen_at + interval '50 milliseconds'");
  }

  private static void expire(JdbcClient jdbc, String table, String which, String end) {
    jdbc.sql(
            """
            UPDATE migrator.%1$s SET expires_at = %3$s
             WHERE ctid = ANY (ARRAY(SELECT ctid FROM migrator.%1$s WHERE %2$s FOR NO KEY UPDATE SKIP LOCKED))
            """
                .formatted(table, which, end))
        .update();
  }
}
