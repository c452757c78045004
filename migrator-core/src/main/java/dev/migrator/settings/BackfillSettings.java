package dev.migrator.settings;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/**
 * How rows are brought over and compared. Start from {@link #defaults()} and change what should
 * differ.
 *
 * @param workers how many threads of this instance work on a backfill, 0 to 64; with 0 it does so
 *     only while it leads, by one
 * @param fleetWorkers how many of all instances together may work on one backfill, 1 to 1024
 * @param rangeTarget how long one range should take; 1 ms to 10 s. One of its rows can be waited
 *     for until it is cancelled: after the lock budget, or one and a half times this, if that is
 *     longer
 * @param windows the times of day at which rows are worked on; none for any time
 * @param zone whose times of day these are
 * @param throttle what makes the work wait
 */
public record BackfillSettings(
    int workers,
    int fleetWorkers,
    Duration rangeTarget,
    List<TimeWindow> windows,
    ZoneId zone,
    ThrottleSettings throttle) {

  /** Checks the ranges. */
  public BackfillSettings {
    SettingRanges.check("migrator.backfill.workers", workers, 0, 64);
    SettingRanges.check("migrator.backfill.fleet-workers", fleetWorkers, 1, 1024);
    SettingRanges.check(
        "migrator.backfill.range-target",
        rangeTarget,
        Duration.ofMillis(1),
        Duration.ofSeconds(10));
    windows = List.copyOf(windows);
  }

  /**
   * The values that fit most applications.
   *
   * @return one worker in each instance, four in all; ranges of 250 ms; at any time, in the zone of
   *     this machine; {@link ThrottleSettings#defaults()}
   */
  public static BackfillSettings defaults() {
    return new BackfillSettings(
        1,
        4,
        Duration.ofMillis(250),
        List.of(),
        ZoneId.systemDefault(),
        ThrottleSettings.defaults());
  }

  /**
   * Changes how many threads of this instance work.
   *
   * @param value 0 to 64
   * @return the same settings but for that
   */
  public BackfillSettings withWorkers(int value) {
    return new BackfillSettings(value, fleetWorkers, rangeTarget, windows, zone, throttle);
  }

  /**
   * Changes how many workers of all instances may work at once.
   *
   * @param value 1 to 1024
   * @return the same settings but for that
   */
  public BackfillSettings withFleetWorkers(int value) {
    return new BackfillSettings(workers, value, rangeTarget, windows, zone, throttle);
  }

  /**
   * Changes how long a range should take.
   *
   * @param value 1 ms to 10 s
   * @return the same settings but for that
   */
  public BackfillSettings withRangeTarget(Duration value) {
    return new BackfillSettings(workers, fleetWorkers, value, windows, zone, throttle);
  }

  /**
   * Changes the times of day at which rows are worked on.
   *
   * @param value the windows; none for any time
   * @return the same settings but for that
   */
  public BackfillSettings withWindows(List<TimeWindow> value) {
    return new BackfillSettings(workers, fleetWorkers, rangeTarget, value, zone, throttle);
  }

  /**
   * Changes whose times of day the windows mean.
   *
   * @param value the zone
   * @return the same settings but for that
   */
  public BackfillSettings withZone(ZoneId value) {
    return new BackfillSettings(workers, fleetWorkers, rangeTarget, windows, value, throttle);
  }

  /**
   * Changes what slows the work down.
   *
   * @param value the thresholds
   * @return the same settings but for that
   */
  public BackfillSettings withThrottle(ThrottleSettings value) {
    return new BackfillSettings(workers, fleetWorkers, rangeTarget, windows, zone, value);
  }
}
