package dev.migrator.autoconfigure;

import dev.migrator.settings.ContractMode;
import dev.migrator.settings.ContractSettings;
import java.time.Duration;
import java.util.Set;

/** The properties {@code migrator.contract.*}: when the old side is retired and dropped. */
public class ContractProperties {

  private static final ContractSettings DEFAULTS = ContractSettings.defaults();

  /** How long a retired column is kept before it is dropped; zero drops it at once. */
  private Duration retention = DEFAULTS.retention();

  /** Comma-separated list of the ids of migrations whose CONTRACT is approved, for mode manual. */
  private Set<String> approved = DEFAULTS.approved();

  /** What CONTRACT waits for beside the running instances that still need the old side. */
  private ContractMode mode = DEFAULTS.mode();

  /**
   * For how long no running instance must have needed the old side before CONTRACT, at most 30d.
   */
  private Duration soak = DEFAULTS.soak();

  public ContractMode getMode() {
    return mode;
  }

  public void setMode(ContractMode mode) {
    this.mode = mode;
  }

  public Duration getSoak() {
    return soak;
  }

  public void setSoak(Duration soak) {
    DEFAULTS.toBuilder().soak(soak);
    this.soak = soak;
  }

  public Duration getRetention() {
    return retention;
  }

  public void setRetention(Duration retention) {
    DEFAULTS.toBuilder().retention(retention);
    this.retention = retention;
  }

  public Set<String> getApproved() {
    return approved;
  }

  public void setApproved(Set<String> approved) {
    this.approved = approved;
  }
}
