package dev.migrator.settings;

import dev.migrator.ReadSwitch;
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

  private FleetSettings(Duration leaseTime, Duration heartbeat, Duration switchGrace) {
    this.leaseTime = leaseTime;
    this.heartbeat = heartbeat;
    this.switchGrace = switchGrace;
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
    return List.of(leaseTime, heartbeat, switchGrace);
  }

  private static Duration heartbeatOf(Duration leaseTime) {
    return leaseTime.dividedBy(6);
  }

  /** Collects settings. Each method returns this builder. */
  public static final class Builder {

    private Duration leaseTime = Duration.ofSeconds(30);

    private @Nullable Duration heartbeat;

    private Duration switchGrace = Duration.ofSeconds(5);

    private Builder() {}

    private Builder(FleetSettings settings) {
      this.leaseTime = settings.leaseTime;
      // A heartbeat that follows from the lease time follows from a new one, too.
      this.heartbeat =
          settings.heartbeat.equals(heartbeatOf(settings.leaseTime)) ? null : settings.heartbeat;
      this.switchGrace = settings.switchGrace;
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
     * Sets the grace time of {@link ReadSwitch}: how long after a switch a request that asked it
     * before may still read the other side. Property {@code migrator.fleet.switch-grace}.
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
     * Makes the settings. The builder can be used again.
     *
     * @return immutable settings
     * @throws IllegalArgumentException if the heartbeat is outside of its range
     */
    public FleetSettings build() {
      Duration chosen = (heartbeat == null) ? heartbeatOf(leaseTime) : heartbeat;
      SettingRanges.check(
          "migrator.fleet.heartbeat", chosen, Duration.ofMillis(100), leaseTime.dividedBy(3));
      return new FleetSettings(leaseTime, chosen, switchGrace);
    }
  }
}
