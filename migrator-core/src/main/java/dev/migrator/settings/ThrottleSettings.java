package dev.migrator.settings;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What makes the workers of a backfill wait: immutable, with a builder that knows the defaults.
 * Each setting is a threshold: while the measured value is above it, workers wait. With zero the
 * value is not considered.
 *
 * <pre>{@code
 * ThrottleSettings.builder().replicationLag(Duration.ofSeconds(2)).walRate(50L << 20).build();
 * }</pre>
 */
public final class ThrottleSettings {

  private final Duration replicationLag;

  private final long replicationLagSize;

  private final long slotLag;

  private final long walRate;

  private final int waitingSessions;

  private final int poolWaiting;

  private final double latencyFactor;

  private final double commitLatencyFactor;

  private ThrottleSettings(Builder builder) {
    this.replicationLag = builder.replicationLag;
    this.replicationLagSize = builder.replicationLagSize;
    this.slotLag = builder.slotLag;
    this.walRate = builder.walRate;
    this.waitingSessions = builder.waitingSessions;
    this.poolWaiting = builder.poolWaiting;
    this.latencyFactor = builder.latencyFactor;
    this.commitLatencyFactor = builder.commitLatencyFactor;
  }

  /**
   * Returns the settings that fit most applications.
   *
   * @return every setting at its default
   */
  public static ThrottleSettings defaults() {
    return builder().build();
  }

  /**
   * Returns settings with which nothing makes workers wait.
   *
   * @return every threshold at zero
   */
  public static ThrottleSettings none() {
    return builder()
        .replicationLag(Duration.ZERO)
        .replicationLagSize(0)
        .slotLag(0)
        .walRate(0)
        .waitingSessions(0)
        .poolWaiting(0)
        .latencyFactor(0)
        .commitLatencyFactor(0)
        .build();
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
   * Returns how far behind in time a standby may be.
   *
   * @return see {@link Builder#replicationLag(Duration)}
   */
  public Duration replicationLag() {
    return replicationLag;
  }

  /**
   * Returns how many bytes a standby may be behind.
   *
   * @return see {@link Builder#replicationLagSize(long)}
   */
  public long replicationLagSize() {
    return replicationLagSize;
  }

  /**
   * Returns how many bytes a replication slot may keep back.
   *
   * @return see {@link Builder#slotLag(long)}
   */
  public long slotLag() {
    return slotLag;
  }

  /**
   * Returns how many bytes of the write-ahead log the server may write in a second.
   *
   * @return see {@link Builder#walRate(long)}
   */
  public long walRate() {
    return walRate;
  }

  /**
   * Returns how many sessions may wait for locks of a backfill.
   *
   * @return see {@link Builder#waitingSessions(int)}
   */
  public int waitingSessions() {
    return waitingSessions;
  }

  /**
   * Returns how many threads may wait for a connection.
   *
   * @return see {@link Builder#poolWaiting(int)}
   */
  public int poolWaiting() {
    return poolWaiting;
  }

  /**
   * Returns how many times as long as usual a row may take.
   *
   * @return see {@link Builder#latencyFactor(double)}
   */
  public double latencyFactor() {
    return latencyFactor;
  }

  /**
   * Returns how many times as long a commit may take.
   *
   * @return see {@link Builder#commitLatencyFactor(double)}
   */
  public double commitLatencyFactor() {
    return commitLatencyFactor;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ThrottleSettings that && values().equals(that.values());
  }

  @Override
  public int hashCode() {
    return values().hashCode();
  }

  @Override
  public String toString() {
    return "ThrottleSettings" + values();
  }

  private List<Object> values() {
    return List.of(
        replicationLag,
        replicationLagSize,
        slotLag,
        walRate,
        waitingSessions,
        poolWaiting,
        latencyFactor,
        commitLatencyFactor);
  }

  /** Collects settings. Each method checks its value and returns this builder. */
  public static final class Builder {

    private static final String PREFIX = "migrator.backfill.throttle.";

    private Duration replicationLag = Duration.ofSeconds(10);

    private long replicationLagSize = 1L << 30;

    private long slotLag = 10L << 30;

    private long walRate;

    private int waitingSessions = 5;

    private int poolWaiting = 5;

    private double latencyFactor;

    private double commitLatencyFactor = 1.5;

    private Builder() {}

    private Builder(ThrottleSettings settings) {
      this.replicationLag = settings.replicationLag;
      this.replicationLagSize = settings.replicationLagSize;
      this.slotLag = settings.slotLag;
      this.walRate = settings.walRate;
      this.waitingSessions = settings.waitingSessions;
      this.poolWaiting = settings.poolWaiting;
      this.latencyFactor = settings.latencyFactor;
      this.commitLatencyFactor = settings.commitLatencyFactor;
    }

    /**
     * Sets how far behind in time the slowest standby may be. Property {@code
     * migrator.backfill.throttle.replication-lag}.
     *
     * @param value 0, for any, to 1 day; 10 s by default
     * @return this
     * @throws IllegalArgumentException if the value is outside of its range
     */
    public Builder replicationLag(Duration value) {
      SettingRanges.check(PREFIX + "replication-lag", value, Duration.ZERO, Duration.ofDays(1));
      this.replicationLag = value;
      return this;
    }

    /**
     * Sets how many bytes of the write-ahead log the slowest standby may be behind. Property {@code
     * migrator.backfill.throttle.replication-lag-size}.
     *
     * @param value bytes, 0 for any; 1 GB by default
     * @return this
     * @throws IllegalArgumentException if the value is negative
     */
    public Builder replicationLagSize(long value) {
      SettingRanges.check(PREFIX + "replication-lag-size", value, 0, Long.MAX_VALUE);
      this.replicationLagSize = value;
      return this;
    }

    /**
     * Sets how many bytes of the write-ahead log a replication slot may keep back. Property {@code
     * migrator.backfill.throttle.slot-lag}.
     *
     * @param value bytes, 0 for any; 10 GB by default
     * @return this
     * @throws IllegalArgumentException if the value is negative
     */
    public Builder slotLag(long value) {
      SettingRanges.check(PREFIX + "slot-lag", value, 0, Long.MAX_VALUE);
      this.slotLag = value;
      return this;
    }

    /**
     * Sets how many bytes of the write-ahead log the server may write in a second, for all its
     * clients. Property {@code migrator.backfill.throttle.wal-rate}.
     *
     * @param value bytes in a second, 0 for any; 0 by default
     * @return this
     * @throws IllegalArgumentException if the value is negative
     */
    public Builder walRate(long value) {
      SettingRanges.check(PREFIX + "wal-rate", value, 0, Long.MAX_VALUE);
      this.walRate = value;
      return this;
    }

    /**
     * Sets how many sessions may wait at once for locks that a backfill holds. Property {@code
     * migrator.backfill.throttle.waiting-sessions}.
     *
     * @param value 0, for any, to 10000; 5 by default
     * @return this
     * @throws IllegalArgumentException if the value is outside of its range
     */
    public Builder waitingSessions(int value) {
      SettingRanges.check(PREFIX + "waiting-sessions", value, 0, 10_000);
      this.waitingSessions = value;
      return this;
    }

    /**
     * Sets how many threads of this application may wait at once for a connection of its pool.
     * Property {@code migrator.backfill.throttle.pool-waiting}.
     *
     * @param value 0, for any, to 10000; 5 by default
     * @return this
     * @throws IllegalArgumentException if the value is outside of its range
     */
    public Builder poolWaiting(int value) {
      SettingRanges.check(PREFIX + "pool-waiting", value, 0, 10_000);
      this.poolWaiting = value;
      return this;
    }

    /**
     * Sets how many times as long as usual a row may take. Property {@code
     * migrator.backfill.throttle.latency-factor}.
     *
     * @param value 0, for any, or 1.5 to 1000; 0 by default
     * @return this
     * @throws IllegalArgumentException if the value is outside of its range
     */
    public Builder latencyFactor(double value) {
      if (value != 0) {
        SettingRanges.check(PREFIX + "latency-factor", value, 1.5, 1000);
      }
      this.latencyFactor = value;
      return this;
    }

    /**
     * Sets how many times as long the slowest hundredth of small commits may take as without a
     * backfill. While others commit, the workers measure it by small commits of their own, and work
     * for a part of the time only, but never for less than a fiftieth. Property {@code
     * migrator.backfill.throttle.commit-latency-factor}.
     *
     * @param value 0, for any, or 1.1 to 1000; 1.5 by default
     * @return this
     * @throws IllegalArgumentException if the value is outside of its range
     */
    public Builder commitLatencyFactor(double value) {
      if (value != 0) {
        SettingRanges.check(PREFIX + "commit-latency-factor", value, 1.1, 1000);
      }
      this.commitLatencyFactor = value;
      return this;
    }

    /**
     * Makes the settings. The builder can be used again.
     *
     * @return immutable settings
     */
    public ThrottleSettings build() {
      return new ThrottleSettings(this);
    }
  }
}
