package dev.migrator;

/**
 * Keeps the statements that open connections have prepared from failing while a table gets other
 * columns: PostgreSQL rejects a prepared statement whose result has another shape, such as {@code
 * select *} or an insert that returns generated keys, and the transaction around it fails.
 *
 * <p>Every instance that has one is told before such a change, and the change waits until it has
 * answered. With the auto-configuration the pools of the application are protected by the driver's
 * {@code autosave}.
 *
 * <pre>{@code
 * Migrator.builder(dataSource).statementProtection(() -> pool.autosave(CONSERVATIVE)).build();
 * }</pre>
 */
public interface StatementProtection {

  /**
   * Begins to protect all connections that are open, and those that are opened from now on. When it
   * returns, no statement of this instance fails because of the change.
   */
  void begin();

  /**
   * A table has other columns, and may get more of them before {@link #end()}. What connections
   * have prepared until now may be for the old ones.
   */
  default void columnsChanged() {}

  /** The change is over. What was prepared since then has the new shape. */
  default void end() {}
}
