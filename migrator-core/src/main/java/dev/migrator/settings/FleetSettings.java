package dev.migrator.settings;

import dev.migrator.ReadSwitch;
import java.time.Duration;

/**
 * How the instances of a fleet know of each other.
 *
 * @param leaseTime after what time without a heartbeat an instance counts as gone, and must not
 *     serve any longer; 1 s to 1 h
 * @param heartbeat how often an instance gives a sign of life; at most a third of the lease time,
 *     so that one lost sign does no harm
 * @param switchGrace how long after {@link ReadSwitch} has turned to the new side a request may
 *     still be on its way that had asked it before; 0 to 1 h
 */
public record FleetSettings(Duration leaseTime, Duration heartbeat, Duration switchGrace) {

  /** Checks the ranges. */
  public FleetSettings {
    SettingRanges.check(
        "migrator.fleet.lease-time", leaseTime, Duration.ofSeconds(1), Duration.ofHours(1));
    SettingRanges.check(
        "migrator.fleet.heartbeat", heartbeat, Duration.ofMillis(100), leaseTime.dividedBy(3));
    SettingRanges.check(
        "migrator.fleet.switch-grace", switchGrace, Duration.ZERO, Duration.ofHours(1));
  }

  /**
   * The values that fit most applications.
   *
   * @return a lease of 30 s with a heartbeat every 5 s; 5 s of grace
   */
  public static FleetSettings defaults() {
    return new FleetSettings(Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofSeconds(5));
  }

  /**
   * Changes the lease time, and the heartbeat to a sixth of it.
   *
   * @param value 1 s to 1 h
   * @return the same settings but for that
   */
  public FleetSettings withLeaseTime(Duration value) {
    return new FleetSettings(value, value.dividedBy(6), switchGrace);
  }

  /**
   * Changes the heartbeat.
   *
   * @param value 100 ms to a third of the lease time
   * @return the same settings but for that
   */
  public FleetSettings withHeartbeat(Duration value) {
    return new FleetSettings(leaseTime, value, switchGrace);
  }

  /**
   * Changes the grace of the read switch.
   *
   * @param value 0 to 1 h
   * @return the same settings but for that
   */
  public FleetSettings withSwitchGrace(Duration value) {
    return new FleetSettings(leaseTime, heartbeat, value);
  }
}
