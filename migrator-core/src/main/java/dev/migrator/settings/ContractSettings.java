package dev.migrator.settings;

import java.time.Duration;
import java.util.Set;

/**
 * When the old side goes.
 *
 * @param mode what CONTRACT waits for beside the fleet
 * @param soak for how long no live instance must have needed the old side; 0 to 30 days
 * @param retention how long a retired column is kept before it is dropped; zero drops it at once
 * @param approved ids of the migrations whose old side may go in mode {@link ContractMode#MANUAL}
 */
public record ContractSettings(
    ContractMode mode, Duration soak, Duration retention, Set<String> approved) {

  /** Checks the ranges. */
  public ContractSettings {
    SettingRanges.check("migrator.contract.soak", soak, Duration.ZERO, Duration.ofDays(30));
    SettingRanges.check(
        "migrator.contract.retention", retention, Duration.ZERO, Duration.ofDays(3650));
    approved = Set.copyOf(approved);
  }

  /**
   * The values that fit most applications.
   *
   * @return automatic, without a soak time; one day of retention
   */
  public static ContractSettings defaults() {
    return new ContractSettings(ContractMode.AUTO, Duration.ZERO, Duration.ofDays(1), Set.of());
  }

  /**
   * Changes what CONTRACT waits for.
   *
   * @param value the mode
   * @return the same settings but for that
   */
  public ContractSettings withMode(ContractMode value) {
    return new ContractSettings(value, soak, retention, approved);
  }

  /**
   * Changes the soak time.
   *
   * @param value 0 to 30 days
   * @return the same settings but for that
   */
  public ContractSettings withSoak(Duration value) {
    return new ContractSettings(mode, value, retention, approved);
  }

  /**
   * Changes the retention of retired columns.
   *
   * @param value zero or more
   * @return the same settings but for that
   */
  public ContractSettings withRetention(Duration value) {
    return new ContractSettings(mode, soak, value, approved);
  }

  /**
   * Changes which contracts are approved.
   *
   * @param value ids of migrations
   * @return the same settings but for that
   */
  public ContractSettings withApproved(Set<String> value) {
    return new ContractSettings(mode, soak, retention, value);
  }
}
