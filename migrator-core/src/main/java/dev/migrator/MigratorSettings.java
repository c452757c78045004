package dev.migrator;

import java.time.Duration;
import java.util.Set;

/**
 * How the engine behaves. Start from {@link #defaults()} and change what should differ:
 *
 * <pre>{@code
 * MigratorSettings.defaults().withLockBudget(Duration.ofMillis(100));
 * }</pre>
 *
 * <p>Each value has a property of the same meaning under {@code migrator.} in Spring Boot.
 *
 * @param lockBudget the longest time that one attempt of a step may make a statement of the
 *     application wait; 1 ms to 10 s
 * @param lockRetryLimit for how long a step tries to get its lock before it is recorded as failed
 * @param leaseTime after what time without a sign of life another instance takes the work over; 1 s
 *     to 10 min
 * @param startupLimit how long {@link Migrator#prepare()} may take
 * @param rangeTarget how long one range of a backfill should take; 1 ms to 10 s
 * @param retention how long a retired column is kept before it is dropped; zero drops it at once
 * @param approvedContracts ids of the migrations whose old side may go
 */
public record MigratorSettings(
    Duration lockBudget,
    Duration lockRetryLimit,
    Duration leaseTime,
    Duration startupLimit,
    Duration rangeTarget,
    Duration retention,
    Set<String> approvedContracts) {

  /** Checks the ranges. */
  public MigratorSettings {
    inRange("migrator.lock.budget", lockBudget, Duration.ofMillis(1), Duration.ofSeconds(10));
    inRange("migrator.lock.retry-limit", lockRetryLimit, Duration.ZERO, Duration.ofDays(1));
    inRange("migrator.lease-time", leaseTime, Duration.ofSeconds(1), Duration.ofMinutes(10));
    inRange("migrator.startup-limit", startupLimit, Duration.ofMillis(1), Duration.ofDays(1));
    inRange(
        "migrator.backfill.range-target",
        rangeTarget,
        Duration.ofMillis(1),
        Duration.ofSeconds(10));
    inRange("migrator.contract.retention", retention, Duration.ZERO, Duration.ofDays(3650));
    approvedContracts = Set.copyOf(approvedContracts);
  }

  /**
   * The values that fit most applications.
   *
   * @return a lock budget of 300 ms, tried for 5 minutes; a lease of 10 s; 10 minutes for the
   *     start; ranges of 100 ms; one day of retention; no contract approved
   */
  public static MigratorSettings defaults() {
    return new MigratorSettings(
        Duration.ofMillis(300),
        Duration.ofMinutes(5),
        Duration.ofSeconds(10),
        Duration.ofMinutes(10),
        Duration.ofMillis(100),
        Duration.ofDays(1),
        Set.of());
  }

  /**
   * Changes the lock budget.
   *
   * @param value 1 ms to 10 s
   * @return the same settings but for that
   */
  public MigratorSettings withLockBudget(Duration value) {
    return new MigratorSettings(
        value, lockRetryLimit, leaseTime, startupLimit, rangeTarget, retention, approvedContracts);
  }

  /**
   * Changes for how long a lock is tried.
   *
   * @param value at most a day
   * @return the same settings but for that
   */
  public MigratorSettings withLockRetryLimit(Duration value) {
    return new MigratorSettings(
        lockBudget, value, leaseTime, startupLimit, rangeTarget, retention, approvedContracts);
  }

  /**
   * Changes the lease time.
   *
   * @param value 1 s to 10 min
   * @return the same settings but for that
   */
  public MigratorSettings withLeaseTime(Duration value) {
    return new MigratorSettings(
        lockBudget, lockRetryLimit, value, startupLimit, rangeTarget, retention, approvedContracts);
  }

  /**
   * Changes how long the start may take.
   *
   * @param value at most a day
   * @return the same settings but for that
   */
  public MigratorSettings withStartupLimit(Duration value) {
    return new MigratorSettings(
        lockBudget, lockRetryLimit, leaseTime, value, rangeTarget, retention, approvedContracts);
  }

  /**
   * Changes how long a range should take.
   *
   * @param value 1 ms to 10 s
   * @return the same settings but for that
   */
  public MigratorSettings withRangeTarget(Duration value) {
    return new MigratorSettings(
        lockBudget, lockRetryLimit, leaseTime, startupLimit, value, retention, approvedContracts);
  }

  /**
   * Changes the retention of retired columns.
   *
   * @param value zero or more
   * @return the same settings but for that
   */
  public MigratorSettings withRetention(Duration value) {
    return new MigratorSettings(
        lockBudget, lockRetryLimit, leaseTime, startupLimit, rangeTarget, value, approvedContracts);
  }

  /**
   * Changes which contracts are approved.
   *
   * @param value ids of migrations
   * @return the same settings but for that
   */
  public MigratorSettings withApprovedContracts(Set<String> value) {
    return new MigratorSettings(
        lockBudget, lockRetryLimit, leaseTime, startupLimit, rangeTarget, retention, value);
  }

  private static void inRange(String property, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "%s is %s, but must be between %s and %s".formatted(property, value, least, most));
    }
  }
}
