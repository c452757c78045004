package dev.migrator;

/**
 * Is notified whether this instance may serve, and of changes that concern its connections. A
 * thread of the migrator calls it; the methods must return quickly. What one throws is logged.
 *
 * <pre>{@code
 * Migrator.builder(dataSource)
 *     .listener(
 *         new FleetListener() {
 *           public void paused(String reason) {
 *             accepting.set(false);
 *           }
 *
 *           public void resumed() {
 *             accepting.set(true);
 *           }
 *
 *           public void refused(String reason) {
 *             accepting.set(false);
 *           }
 *         });
 * }</pre>
 */
public interface FleetListener {

  /**
   * This instance could not renew its lease for so long that others may soon presume it dead. It
   * must not serve until {@link #resumed()}.
   *
   * @param reason what happened, for a person
   */
  void paused(String reason);

  /**
   * This instance is registered again, and everything that its code needs is there. It may serve.
   */
  void resumed();

  /**
   * While this instance was paused, something was removed that its code needs. It must not serve
   * any more.
   *
   * @param reason what is missing and which release to run, for a person
   */
  void refused(String reason);

  /**
   * A column was added to a table or removed from it, at most a heartbeat ago. Statements that open
   * connections have prepared can fail then: PostgreSQL rejects one whose result has another shape,
   * such as {@code select *}.
   */
  default void shapesChanged() {}
}
