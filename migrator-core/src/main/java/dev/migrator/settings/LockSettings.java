package dev.migrator.settings;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How steps and SQL files get their locks, and how long they may keep them: immutable, with a
 * builder that knows the defaults. Properties {@code migrator.lock.*}.
 *
 * <pre>{@code
 * MigratorSettings.builder().lock(it -> it.budget(Duration.ofMillis(100))).build();
 * }</pre>
 */
public final class LockSettings {

  private final Duration budget;

  private final Duration retryLimit;

  private final Duration hold;

  private LockSettings(Builder builder) {
    this.budget = builder.budget;
    this.retryLimit = builder.retryLimit;
    this.hold = builder.hold;
  }

  /**
   * Returns the settings that fit most applications.
   *
   * @return every setting at its default
   */
  public static LockSettings defaults() {
    return new Builder().build();
  }

  /**
   * Starts with these settings, which stay as they are.
   *
   * @return a new builder
   */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.budget = budget;
    builder.retryLimit = retryLimit;
    builder.hold = hold;
    return builder;
  }

  /**
   * Returns the lock budget.
   *
   * @return see {@link Builder#budget(Duration)}
   */
  public Duration budget() {
    return budget;
  }

  /**
   * Returns how long a step tries to get its lock.
   *
   * @return see {@link Builder#retryLimit(Duration)}
   */
  public Duration retryLimit() {
    return retryLimit;
  }

  /**
   * Returns how long a SQL file may keep a lock.
   *
   * @return see {@link Builder#hold(Duration)}
   */
  public Duration hold() {
    return hold;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LockSettings that
        && budget.equals(that.budget)
        && retryLimit.equals(that.retryLimit)
        && hold.equals(that.hold);
  }

  @Override
  public int hashCode() {
    return budget.hashCode() + retryLimit.hashCode() + hold.hashCode();
  }

  @Override
  public String toString() {
    return "LockSettings[budget=%s, retryLimit=%s, hold=%s]".formatted(budget, retryLimit, hold);
  }

  /** Collects settings. Each method checks its value and returns this builder. */
  public static final class Builder {

    private Duration budget = Duration.ofMillis(300);

    private Duration retryLimit = Duration.ofMinutes(5);

    private Duration hold = Duration.ofSeconds(1);

    private Builder() {}

    /**
     * Sets the lock budget: the longest time that one attempt of a step may make a statement of the
     * application wait. Property {@code migrator.lock.budget}.
     *
     * @param value 1 ms to 10 s; 300 ms by default
     * @return this
     * @throws IllegalArgumentException if the value is outside of its range
     */
    public Builder budget(Duration value) {
      SettingRanges.check(
          "migrator.lock.budget", value, Duration.ofMillis(1), Duration.ofSeconds(10));
      this.budget = value;
      return this;
    }

    /**
     * Sets how long a step tries to get its lock, attempt after attempt, before it is recorded as
     * failed. Property {@code migrator.lock.retry-limit}.
     *
     * @param value 0 to 1 day; 5 minutes by default
     * @return this
     * @throws IllegalArgumentException if the value is outside of its range
     */
    public Builder retryLimit(Duration value) {
      SettingRanges.check("migrator.lock.retry-limit", value, Duration.ZERO, Duration.ofDays(1));
      this.retryLimit = value;
      return this;
    }

    /**
     * Sets the hold limit: how long a SQL file may keep a lock that blocks reads or writes of a
     * table. A statement that would keep it for longer is cancelled, and the file rolled back.
     * Property {@code migrator.lock.hold}.
     *
     * @param value 10 ms to 20 s; 1 s by default
     * @return this
     * @throws IllegalArgumentException if the value is outside of its range
     */
    public Builder hold(Duration value) {
      SettingRanges.check(
          "migrator.lock.hold", value, Duration.ofMillis(10), Duration.ofSeconds(20));
      this.hold = value;
      return this;
    }

    /**
     * Makes the settings. The builder can be used again.
     *
     * @return immutable settings
     */
    public LockSettings build() {
      return new LockSettings(this);
    }
  }
}
