package dev.migrator.internal.sql;

/**
 * The lock a step needs on its table, taken before its first statement.
 *
 * @param table the table, quoted
 * @param mode the mode
 */
public record TableLock(String table, Mode mode) {

  /** Modes of table locks, as {@code LOCK TABLE} writes them. */
  public enum Mode {
    SHARE_UPDATE_EXCLUSIVE,
    SHARE,
    SHARE_ROW_EXCLUSIVE,
    ACCESS_EXCLUSIVE
  }

  /**
   * A lock that the application's reads and writes do not notice but an autovacuum does. It is
   * waited for first and for longer than {@code deadlock_timeout}: only a waiter of that patience
   * makes the server cancel an autovacuum, and once it is held no other begins. Within the lock
   * budget alone, an hour of autovacuum would be an hour of failed attempts.
   */
  public String yieldOfVacuum() {
    return "LOCK TABLE " + table + " IN SHARE UPDATE EXCLUSIVE MODE";
  }

  /** The same without waiting for it. */
  public String orFail() {
    return sql() + " NOWAIT";
  }

  public String sql() {
    return "LOCK TABLE " + table + " IN " + mode.name().replace('_', ' ') + " MODE";
  }
}
