package dev.migrator;

/**
 * Is told whether this instance may serve, and what else its connections must know. Called by a
 * thread of the migrator, which must not be held up.
 */
public interface FleetListener {

  /**
   * This instance could not renew its lease for so long that others may soon take it for gone. It
   * must not serve until {@link #resumed()}.
   *
   * @param reason what happened, for a person
   */
  void paused(String reason);

  /** This instance is registered again, and everything its code needs is there. */
  void resumed();

  /**
   * This instance was away, and in the meantime something was taken away that its code needs. It
   * must not serve any more.
   *
   * @param reason what is missing and which release to run, for a person
   */
  void refused(String reason);

  /**
   * Some table has got a column or lost one, at most a heartbeat ago. Statements that open
   * connections have prepared can fail for it: PostgreSQL refuses to go on with one whose result
   * has another shape, such as that of {@code select *}.
   */
  default void shapesChanged() {}
}
