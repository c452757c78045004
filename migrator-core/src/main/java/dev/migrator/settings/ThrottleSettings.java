package dev.migrator.settings;

import java.time.Duration;

/**
 * What makes the workers of a backfill wait: each value is the most there may be before they do,
 * and zero means that it does not matter. Start from {@link #defaults()} and change what should
 * differ.
 *
 * @param replicationLag how far behind in time the worst standby may be; at most a day
 * @param replicationLagSize how many bytes of the log the worst standby may be behind
 * @param slotLag how many bytes of the log replication slots may keep back
 * @param walRate how many bytes of the log the server may write in a second, by whomever
 * @param waitingSessions how many sessions may wait for a lock of a backfill at once; at most 10000
 * @param poolWaiting how many threads of the application may wait for a connection at once; at most
 *     10000
 * @param latencyFactor how many times as long as usual a row may take; 1.5 to 1000
 */
public record ThrottleSettings(
    Duration replicationLag,
    long replicationLagSize,
    long slotLag,
    long walRate,
    int waitingSessions,
    int poolWaiting,
    double latencyFactor) {

  private static final String PREFIX = "migrator.backfill.throttle.";

  /** Checks the ranges. */
  public ThrottleSettings {
    SettingRanges.check(
        PREFIX + "replication-lag", replicationLag, Duration.ZERO, Duration.ofDays(1));
    SettingRanges.check(PREFIX + "replication-lag-size", replicationLagSize, 0, Long.MAX_VALUE);
    SettingRanges.check(PREFIX + "slot-lag", slotLag, 0, Long.MAX_VALUE);
    SettingRanges.check(PREFIX + "wal-rate", walRate, 0, Long.MAX_VALUE);
    SettingRanges.check(PREFIX + "waiting-sessions", waitingSessions, 0, 10_000);
    SettingRanges.check(PREFIX + "pool-waiting", poolWaiting, 0, 10_000);
    if (latencyFactor != 0) {
      SettingRanges.check(PREFIX + "latency-factor", latencyFactor, 1.5, 1000);
    }
  }

  /**
   * The values that fit most applications.
   *
   * @return standbys at most 10 s and 1 GB behind, 10 GB kept back by slots, 5 sessions that wait
   *     for us, 5 threads that wait for a connection; the rest does not matter
   */
  public static ThrottleSettings defaults() {
    return new ThrottleSettings(Duration.ofSeconds(10), 1L << 30, 10L << 30, 0, 5, 5, 0);
  }

  /**
   * Changes how far behind in time a standby may be.
   *
   * @param value the most there may be; zero for any
   * @return the same settings but for that
   */
  public ThrottleSettings withReplicationLag(Duration value) {
    return new ThrottleSettings(
        value, replicationLagSize, slotLag, walRate, waitingSessions, poolWaiting, latencyFactor);
  }

  /**
   * Changes how many bytes a standby may be behind.
   *
   * @param value the most there may be; zero for any
   * @return the same settings but for that
   */
  public ThrottleSettings withReplicationLagSize(long value) {
    return new ThrottleSettings(
        replicationLag, value, slotLag, walRate, waitingSessions, poolWaiting, latencyFactor);
  }

  /**
   * Changes how many bytes slots may keep back.
   *
   * @param value the most there may be; zero for any
   * @return the same settings but for that
   */
  public ThrottleSettings withSlotLag(long value) {
    return new ThrottleSettings(
        replicationLag,
        replicationLagSize,
        value,
        walRate,
        waitingSessions,
        poolWaiting,
        latencyFactor);
  }

  /**
   * Changes how many bytes of the log may be written in a second.
   *
   * @param value the most there may be; zero for any
   * @return the same settings but for that
   */
  public ThrottleSettings withWalRate(long value) {
    return new ThrottleSettings(
        replicationLag,
        replicationLagSize,
        slotLag,
        value,
        waitingSessions,
        poolWaiting,
        latencyFactor);
  }

  /**
   * Changes how many sessions may wait for us.
   *
   * @param value the most there may be; zero for any
   * @return the same settings but for that
   */
  public ThrottleSettings withWaitingSessions(int value) {
    return new ThrottleSettings(
        replicationLag, replicationLagSize, slotLag, walRate, value, poolWaiting, latencyFactor);
  }

  /**
   * Changes how many threads may wait for a connection.
   *
   * @param value the most there may be; zero for any
   * @return the same settings but for that
   */
  public ThrottleSettings withPoolWaiting(int value) {
    return new ThrottleSettings(
        replicationLag,
        replicationLagSize,
        slotLag,
        walRate,
        waitingSessions,
        value,
        latencyFactor);
  }

  /**
   * Changes how many times as long as usual a row may take.
   *
   * @param value the most there may be; zero for any
   * @return the same settings but for that
   */
  public ThrottleSettings withLatencyFactor(double value) {
    return new ThrottleSettings(
        replicationLag, replicationLagSize, slotLag, walRate, waitingSessions, poolWaiting, value);
  }
}
