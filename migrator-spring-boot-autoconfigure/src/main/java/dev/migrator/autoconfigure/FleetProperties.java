package dev.migrator.autoconfigure;

import dev.migrator.settings.FleetSettings;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The properties {@code migrator.fleet.*}: how the running instances know of each other. */
public class FleetProperties {

  private static final FleetSettings DEFAULTS = FleetSettings.defaults();

  /**
   * Time without a heartbeat after which an instance is presumed dead and must not serve any
   * longer, between 1s and 1h.
   */
  private Duration leaseTime = DEFAULTS.leaseTime();

  /**
   * How often an instance renews its lease, at most a third of the lease time; a sixth of it if not
   * specified.
   */
  private @Nullable Duration heartbeat;

  /**
   * How long after a switch a request that asked the read switch before may still read the other
   * side, at most 1h.
   */
  private Duration switchGrace = DEFAULTS.switchGrace();

  /**
   * Applications whose sessions hold no contract though no registered instance accounts for them,
   * by the name that their sessions have, with * for any characters.
   */
  private List<String> ignoreApplications = DEFAULTS.ignoreApplications();

  /**
   * How long a change of the columns of a table waits for instances to say that they protect their
   * prepared statements, the lease time by default.
   */
  private @Nullable Duration protectionLimit;

  /**
   * Whether the DataSource beans of the application give no connection while this instance must not
   * serve.
   */
  private boolean guardDataSource;

  /**
   * Whether the transactions of all PostgreSQL connections are saved before each statement while
   * the columns of a table change, so that no statement fails that was prepared before.
   */
  private boolean protectStatements = true;

  /**
   * Whether to renew the connections of Hikari pools when a column was added or removed, so that no
   * statement fails that they have prepared before.
   */
  private boolean renewConnections = true;

  public boolean isRenewConnections() {
    return renewConnections;
  }

  public void setRenewConnections(boolean renewConnections) {
    this.renewConnections = renewConnections;
  }

  public boolean isGuardDataSource() {
    return guardDataSource;
  }

  public void setGuardDataSource(boolean guardDataSource) {
    this.guardDataSource = guardDataSource;
  }

  public Duration getLeaseTime() {
    return leaseTime;
  }

  public void setLeaseTime(Duration leaseTime) {
    DEFAULTS.toBuilder().leaseTime(leaseTime);
    this.leaseTime = leaseTime;
  }

  public @Nullable Duration getHeartbeat() {
    return heartbeat;
  }

  public void setHeartbeat(@Nullable Duration heartbeat) {
    this.heartbeat = heartbeat;
  }

  public Duration getSwitchGrace() {
    return switchGrace;
  }

  public void setSwitchGrace(Duration switchGrace) {
    DEFAULTS.toBuilder().switchGrace(switchGrace);
    this.switchGrace = switchGrace;
  }

  public boolean isProtectStatements() {
    return protectStatements;
  }

  public void setProtectStatements(boolean protectStatements) {
    this.protectStatements = protectStatements;
  }

  public List<String> getIgnoreApplications() {
    return ignoreApplications;
  }

  public void setIgnoreApplications(List<String> ignoreApplications) {
    this.ignoreApplications = ignoreApplications;
  }

  public @Nullable Duration getProtectionLimit() {
    return protectionLimit;
  }

  public void setProtectionLimit(@Nullable Duration protectionLimit) {
    DEFAULTS.toBuilder().protectionLimit(protectionLimit);
    this.protectionLimit = protectionLimit;
  }

  /** Here and not in a setter, as the lease time limits the heartbeat. */
  FleetSettings toSettings() {
    return FleetSettings.builder()
        .leaseTime(leaseTime)
        .heartbeat(heartbeat)
        .switchGrace(switchGrace)
        .ignoreApplications(ignoreApplications)
        .protectionLimit(protectionLimit)
        .build();
  }
}
