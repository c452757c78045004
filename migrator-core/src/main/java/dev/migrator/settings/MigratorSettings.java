package dev.migrator.settings;

import dev.migrator.Migrator;
import java.time.Duration;
import java.util.function.UnaryOperator;

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
 * @param backfill how rows are brought over
 * @param contract when the old side goes
 * @param fleet how the instances know of each other
 */
public record MigratorSettings(
    Duration lockBudget,
    Duration lockRetryLimit,
    Duration leaseTime,
    Duration startupLimit,
    BackfillSettings backfill,
    ContractSettings contract,
    FleetSettings fleet) {

  /** Checks the ranges. */
  public MigratorSettings {
    SettingRanges.check(
        "migrator.lock.budget", lockBudget, Duration.ofMillis(1), Duration.ofSeconds(10));
    SettingRanges.check(
        "migrator.lock.retry-limit", lockRetryLimit, Duration.ZERO, Duration.ofDays(1));
    SettingRanges.check(
        "migrator.lease-time", leaseTime, Duration.ofSeconds(1), Duration.ofMinutes(10));
    SettingRanges.check(
        "migrator.startup-limit", startupLimit, Duration.ofMillis(1), Duration.ofDays(1));
  }

  /**
   * The values that fit most applications.
   *
   * @return a lock budget of 300 ms, tried for 5 minutes; a lease of 10 s; 10 minutes for the
   *     start; {@link BackfillSettings#defaults()}; {@link ContractSettings#defaults()}; {@link
   *     FleetSettings#defaults()}
   */
  public static MigratorSettings defaults() {
    return new MigratorSettings(
        Duration.ofMillis(300),
        Duration.ofMinutes(5),
        Duration.ofSeconds(10),
        Duration.ofMinutes(10),
        BackfillSettings.defaults(),
        ContractSettings.defaults(),
        FleetSettings.defaults());
  }

  /**
   * Changes the lock budget.
   *
   * @param value 1 ms to 10 s
   * @return the same settings but for that
   */
  public MigratorSettings withLockBudget(Duration value) {
    return new MigratorSettings(
        value, lockRetryLimit, leaseTime, startupLimit, backfill, contract, fleet);
  }

  /**
   * Changes for how long a lock is tried.
   *
   * @param value at most a day
   * @return the same settings but for that
   */
  public MigratorSettings withLockRetryLimit(Duration value) {
    return new MigratorSettings(
        lockBudget, value, leaseTime, startupLimit, backfill, contract, fleet);
  }

  /**
   * Changes the lease time.
   *
   * @param value 1 s to 10 min
   * @return the same settings but for that
   */
  public MigratorSettings withLeaseTime(Duration value) {
    return new MigratorSettings(
        lockBudget, lockRetryLimit, value, startupLimit, backfill, contract, fleet);
  }

  /**
   * Changes how long the start may take.
   *
   * @param value at most a day
   * @return the same settings but for that
   */
  public MigratorSettings withStartupLimit(Duration value) {
    return new MigratorSettings(
        lockBudget, lockRetryLimit, leaseTime, value, backfill, contract, fleet);
  }

  /**
   * Changes how rows are brought over.
   *
   * @param change what to change: {@code it -> it.withWorkers(2)}
   * @return the same settings but for that
   */
  public MigratorSettings withBackfill(UnaryOperator<BackfillSettings> change) {
    return new MigratorSettings(
        lockBudget,
        lockRetryLimit,
        leaseTime,
        startupLimit,
        change.apply(backfill),
        contract,
        fleet);
  }

  /**
   * Changes when the old side goes.
   *
   * @param change what to change: {@code it -> it.withMode(MANUAL)}
   * @return the same settings but for that
   */
  public MigratorSettings withContract(UnaryOperator<ContractSettings> change) {
    return new MigratorSettings(
        lockBudget,
        lockRetryLimit,
        leaseTime,
        startupLimit,
        backfill,
        change.apply(contract),
        fleet);
  }

  /**
   * Changes how the instances know of each other.
   *
   * @param change what to change: {@code it -> it.withHeartbeat(Duration.ofSeconds(2))}
   * @return the same settings but for that
   */
  public MigratorSettings withFleet(UnaryOperator<FleetSettings> change) {
    return new MigratorSettings(
        lockBudget,
        lockRetryLimit,
        leaseTime,
        startupLimit,
        backfill,
        contract,
        change.apply(fleet));
  }
}
