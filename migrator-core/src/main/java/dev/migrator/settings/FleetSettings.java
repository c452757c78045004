package dev.migrator.settings;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the instances of a fleet know of each other: immutable, with a builder that knows the
 * defaults.
 *
 * <pre>{@code
 * FleetSettings.builder().leaseTime(Duration.ofMinutes(1)).build(); // a heartbeat every 10 s
 * }</pre>
 */
public final class FleetSettings {

  private final Duration leaseTime;

  private final Duration heartbeat;

  private final Duration switchGrace;

  private final List<String> ignoreApplications;

  private final Duration protectionLimit;

  private FleetSettings(Builder builder, Duration heartbeat) {
    this.leaseTime = builder.leaseTime;
    this.heartbeat = heartbeat;
    this.switchGrace = builder.switchGrace;
    this.ignoreApplications = builder.ignoreApplications;
    this.protectionLimit =
        (builder.protectionLimit == null) ? builder.leaseTime : builder.protectionLimit;
  }

  /**
   * Returns the settings that fit most applications.
   *
   * @return every setting at its default
   */
  public static FleetSettings defaults() {
    return builder().build();
  }

  /**
   * Starts with the defaults.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Starts with these settings, which stay as they are.
   *
   * @return a new builder
   */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /**
   * Returns how long the lease of an instance lasts.
   *
   * @return see {@link Builder#leaseTime(Duration)}
   */
  public Duration leaseTime() {
    return leaseTime;
  }

  /**
   * Returns how often an instance renews its lease.
   *
   * @return see {@link Builder#heartbeat(Duration)}
   */
  public Duration heartbeat() {
    return heartbeat;
  }

  /**
   * Returns the grace time of the read switch.
   *
   * @return see {@link Builder#switchGrace(Duration)}
   */
  public Duration switchGrace() {
    return switchGrace;
  }

  /**
   * Returns which sessions hold no contract though no registered instance accounts for them.
   *
   * @return see {@link Builder#ignoreApplications(List)}
   */
  public List<String> ignoreApplications() {
    return ignoreApplications;
  }

  /**
   * Returns how long a change of columns waits for instances to protect their statements.
   *
   * @return see {@link Builder#protectionLimit(Duration)}
   */
  public Duration protectionLimit() {
    return protectionLimit;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FleetSettings that && values().equals(that.values());
  }

  @Override
  public int hashCode() {
    return values().hashCode();
  }

  @Override
  public String toString() {
    return "FleetSettings" + values();
  }

  private List<Object> values() {
    return List.of(leaseTime, heartbeat, switchGrace, ignoreApplications, protectionLimit);
  }

  private static Duration heartbeatOf(Duration leaseTime) {
    return leaseTime.dividedBy(6);
  }

  /** Collects settings. Each method returns this builder. */
  public static final class Builder {

    private Duration leaseTime = Duration.ofSeconds(30);

    private @Nullable Duration heartbeat;

    private Duration switchGrace = Duration.ofSeconds(5);

    private List<String> ignoreApplications = List.of();

    private @Nullable Duration protectionLimit;

    private Builder() {}

    private Builder(FleetSettings settings) {
      this.leaseTime = settings.leaseTime;
      // A heartbeat that follows from the lease time follows from a new one, too.
      this.heartbeat =
          settings.heartbeat.equals(heartbeatOf(settings.leaseTime)) ? null : settings.heartbeat;
      this.switchGrace = settings.switchGrace;
      this.ignoreApplications = settings.ignoreApplications;
      this.protectionLimit =
          settings.protectionLimit.equals(settings.leaseTime) ? null : settings.protectionLimit;
    }

    /**
     * Sets how long the lease of an instance lasts. An instance that has not renewed it for this
     * long is presumed dead, and serves no longer. Property {@code migrator.fleet.lease-time}.
     *
     * @param value 1 s to 1 h; 30 s by default
     * @return this
     * @throws IllegalArgumentException if the value is outside of its range
     */
    public Builder leaseTime(Duration value) {
      SettingRanges.check(
          "migrator.fleet.lease-time", value, Duration.ofSeconds(1), Duration.ofHours(1));
      this.leaseTime = value;
      return this;
    }

    /**
     * Sets how often an instance renews its lease: several times in it, so that one lost heartbeat
     * does no harm. Property {@code migrator.fleet.heartbeat}.
     *
     * @param value 100 ms to a third of the lease time, which {@link #build()} checks; {@code null}
     *     for a sixth of the lease time, the default
     * @return this
     */
    public Builder heartbeat(@Nullable Duration value) {
      this.heartbeat = value;
      return this;
    }

    /**
     * Sets the grace time of {@link dev.migrator.ReadSwitch}: how long after a switch a request
     * that asked it before may still read the other side. Property {@code
     * migrator.fleet.switch-grace}.
     *
     * @param value 0 to 1 h; 5 s by default
     * @return this
     * @throws IllegalArgumentException if the value is outside of its range
     */
    public Builder switchGrace(Duration value) {
      SettingRanges.check("migrator.fleet.switch-grace", value, Duration.ZERO, Duration.ofHours(1));
      this.switchGrace = value;
      return this;
    }

    /**
     * Sets which sessions hold no contract in mode {@code auto} though no registered instance
     * accounts for them: of programs that never use what a contract removes. Property {@code
     * migrator.fleet.ignore-applications}.
     *
     * @param value names as the sessions give them in {@code application_name}, with {@code *} for
     *     any characters, such as {@code psql} or {@code metabase-*}; none by default
     * @return this
     */
    public Builder ignoreApplications(List<String> value) {
      this.ignoreApplications = List.copyOf(value);
      return this;
    }

    /**
     * Sets how long a change of the columns of a table waits for instances to say that they protect
     * their prepared statements. Then it goes on, and a warning names them. Property {@code
     * migrator.fleet.protection-limit}.
     *
     * @param value 0 to 1 d; {@code null} for the lease time, the default
     * @return this
     * @throws IllegalArgumentException if the value is outside of its range
     */
    public Builder protectionLimit(@Nullable Duration value) {
      if (value != null) {
        SettingRanges.check(
            "migrator.fleet.protection-limit", value, Duration.ZERO, Duration.ofDays(1));
      }
      this.protectionLimit = value;
      return this;
    }

    /**
     * Makes the settings. The builder can be used again.
     *
     * @return immutable settings
     * @throws IllegalArgumentException if the heartbeat is outside of its range
     */
    public FleetSettings build() {
      Duration chosen = (heartbeat == null) ? heartbeatOf(leaseTime) : heartbeat;
      SettingRanges.check(
          "migrator.fleet.heartbeat", chosen, Duration.ofMillis(100), leaseTime.dividedBy(3));
      return new FleetSettings(this, chosen);
    }
  }
}
