package dev.migrator.autoconfigure;

import dev.migrator.settings.LockSettings;
import java.time.Duration;

/** The properties {@code migrator.lock.*}: how a step gets its lock. */
public class LockProperties {

  private static final LockSettings DEFAULTS = LockSettings.defaults();

  /**
   * Longest time that one attempt of a step may make a statement of the application wait, between
   * 1ms and 10s.
   */
  private Duration budget = DEFAULTS.budget();

  /** How long a step tries to get its lock before it is recorded as failed, at most 1d. */
  private Duration retryLimit = DEFAULTS.retryLimit();

  /**
   * Longest time that a SQL file may keep a lock that blocks reads or writes of a table, between
   * 10ms and 20s.
   */
  private Duration hold = DEFAULTS.hold();

  public Duration getHold() {
    return hold;
  }

  public void setHold(Duration hold) {
    DEFAULTS.toBuilder().hold(hold);
    this.hold = hold;
  }

  public Duration getBudget() {
    return budget;
  }

  public void setBudget(Duration budget) {
    DEFAULTS.toBuilder().budget(budget);
    this.budget = budget;
  }

  public Duration getRetryLimit() {
    return retryLimit;
  }

  public void setRetryLimit(Duration retryLimit) {
    DEFAULTS.toBuilder().retryLimit(retryLimit);
    this.retryLimit = retryLimit;
  }
}
