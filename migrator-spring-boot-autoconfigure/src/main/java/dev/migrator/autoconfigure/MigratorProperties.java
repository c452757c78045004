package dev.migrator.autoconfigure;

import dev.migrator.ContractMode;
import dev.migrator.FleetSettings;
import dev.migrator.MigratorSettings;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.convert.DurationUnit;

/**
 * The properties {@code migrator.*}. Defaults and ranges are those of {@link MigratorSettings};
 * each setter checks its value there, so that a bad one is reported with the property and the place
 * where it is set.
 */
@ConfigurationProperties("migrator")
public class MigratorProperties {

  private static final MigratorSettings DEFAULTS = MigratorSettings.defaults();

  /** Whether migrations run when the application starts. */
  private boolean enabled = true;

  /**
   * Name of what this is an instance of, for messages and the endpoint. The value of
   * 'spring.application.name' if not specified.
   */
  private @Nullable String application;

  /**
   * Name of the code that this instance runs, for messages and the endpoint. Taken from the build
   * information, the Git commit or the version of the application's jar if not specified.
   */
  private @Nullable String release;

  /**
   * Name of this instance, which no other running instance may have. Made of host and process id if
   * not specified.
   */
  private @Nullable String instanceId;

  /**
   * Time without a sign of life after which another instance takes the work over, between 1s and
   * 10m. If a duration suffix is not specified, seconds will be used.
   */
  @DurationUnit(ChronoUnit.SECONDS)
  private Duration leaseTime = DEFAULTS.leaseTime();

  /**
   * How long the start may wait for what this release needs before it fails, at most 1d. If a
   * duration suffix is not specified, seconds will be used.
   */
  @DurationUnit(ChronoUnit.SECONDS)
  private Duration startupLimit = DEFAULTS.startupLimit();

  private final Lock lock = new Lock();

  private final Backfill backfill = new Backfill();

  private final Contract contract = new Contract();

  private final Fleet fleet = new Fleet();

  public boolean isEnabled() {
    return enabled;
  }

  public void setEnabled(boolean enabled) {
    this.enabled = enabled;
  }

  public @Nullable String getApplication() {
    return application;
  }

  public void setApplication(@Nullable String application) {
    this.application = application;
  }

  public @Nullable String getRelease() {
    return release;
  }

  public void setRelease(@Nullable String release) {
    this.release = release;
  }

  public @Nullable String getInstanceId() {
    return instanceId;
  }

  public void setInstanceId(@Nullable String instanceId) {
    this.instanceId = instanceId;
  }

  public Duration getLeaseTime() {
    return leaseTime;
  }

  public void setLeaseTime(Duration leaseTime) {
    this.leaseTime = DEFAULTS.withLeaseTime(leaseTime).leaseTime();
  }

  public Duration getStartupLimit() {
    return startupLimit;
  }

  public void setStartupLimit(Duration startupLimit) {
    this.startupLimit = DEFAULTS.withStartupLimit(startupLimit).startupLimit();
  }

  public Lock getLock() {
    return lock;
  }

  public Backfill getBackfill() {
    return backfill;
  }

  public Contract getContract() {
    return contract;
  }

  public Fleet getFleet() {
    return fleet;
  }

  MigratorSettings toSettings() {
    return DEFAULTS
        .withLockBudget(lock.budget)
        .withLockRetryLimit(lock.retryLimit)
        .withLeaseTime(leaseTime)
        .withStartupLimit(startupLimit)
        .withRangeTarget(backfill.rangeTarget)
        .withContract(
            it ->
                it.withMode(contract.mode)
                    .withSoak(contract.soak)
                    .withRetention(contract.retention)
                    .withApproved(contract.approved))
        .withFleet(it -> fleet.toSettings());
  }

  /** How a step gets its lock. */
  public static class Lock {

    /**
     * Longest time that one attempt of a step may make a statement of the application wait, between
     * 1ms and 10s. If a duration suffix is not specified, milliseconds will be used.
     */
    private Duration budget = DEFAULTS.lockBudget();

    /**
     * How long a step tries to get its lock before it is recorded as failed, at most 1d. If a
     * duration suffix is not specified, seconds will be used.
     */
    @DurationUnit(ChronoUnit.SECONDS)
    private Duration retryLimit = DEFAULTS.lockRetryLimit();

    public Duration getBudget() {
      return budget;
    }

    public void setBudget(Duration budget) {
      this.budget = DEFAULTS.withLockBudget(budget).lockBudget();
    }

    public Duration getRetryLimit() {
      return retryLimit;
    }

    public void setRetryLimit(Duration retryLimit) {
      this.retryLimit = DEFAULTS.withLockRetryLimit(retryLimit).lockRetryLimit();
    }
  }

  /** How the old rows are brought over. */
  public static class Backfill {

    /**
     * How long one range of a backfill should take, between 1ms and 10s. If a duration suffix is
     * not specified, milliseconds will be used.
     */
    private Duration rangeTarget = DEFAULTS.rangeTarget();

    public Duration getRangeTarget() {
      return rangeTarget;
    }

    public void setRangeTarget(Duration rangeTarget) {
      this.rangeTarget = DEFAULTS.withRangeTarget(rangeTarget).rangeTarget();
    }
  }

  /** When the old side goes. */
  public static class Contract {

    /**
     * How long a retired column is kept before it is dropped, zero drops it at once. If a duration
     * suffix is not specified, days will be used.
     */
    // A bare "1" must not come to mean a millisecond here: what is dropped is gone.
    @DurationUnit(ChronoUnit.DAYS)
    private Duration retention = DEFAULTS.contract().retention();

    /**
     * Comma-separated list of ids of the migrations whose old side may go, where the mode is
     * manual.
     */
    private Set<String> approved = DEFAULTS.contract().approved();

    /** What the contract waits for, beside the running instances that still need the old side. */
    private ContractMode mode = DEFAULTS.contract().mode();

    /**
     * For how long no running instance must have needed the old side before it goes, at most 30d.
     * If a duration suffix is not specified, seconds will be used.
     */
    @DurationUnit(ChronoUnit.SECONDS)
    private Duration soak = DEFAULTS.contract().soak();

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
      this.soak = DEFAULTS.contract().withSoak(soak).soak();
    }

    public Duration getRetention() {
      return retention;
    }

    public void setRetention(Duration retention) {
      this.retention = DEFAULTS.contract().withRetention(retention).retention();
    }

    public Set<String> getApproved() {
      return approved;
    }

    public void setApproved(Set<String> approved) {
      this.approved = approved;
    }
  }

  /** How the running instances know of each other. */
  public static class Fleet {

    /**
     * Time without a heartbeat after which an instance counts as gone, and must not serve any
     * longer, between 1s and 1h. If a duration suffix is not specified, seconds will be used.
     */
    @DurationUnit(ChronoUnit.SECONDS)
    private Duration leaseTime = DEFAULTS.fleet().leaseTime();

    /**
     * How often an instance gives a sign of life, at most a third of the lease time; a sixth of it
     * if not specified. If a duration suffix is not specified, seconds will be used.
     */
    @DurationUnit(ChronoUnit.SECONDS)
    private @Nullable Duration heartbeat;

    /**
     * How long a request may still be on its way that had asked the read switch before it turned,
     * at most 1h. If a duration suffix is not specified, seconds will be used.
     */
    @DurationUnit(ChronoUnit.SECONDS)
    private Duration switchGrace = DEFAULTS.fleet().switchGrace();

    public Duration getLeaseTime() {
      return leaseTime;
    }

    public void setLeaseTime(Duration leaseTime) {
      this.leaseTime = DEFAULTS.fleet().withLeaseTime(leaseTime).leaseTime();
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
      this.switchGrace = DEFAULTS.fleet().withSwitchGrace(switchGrace).switchGrace();
    }

    /** Here and not in a setter, as the one limits the other. */
    FleetSettings toSettings() {
      FleetSettings settings =
          DEFAULTS.fleet().withLeaseTime(leaseTime).withSwitchGrace(switchGrace);
      return settings.withHeartbeat((heartbeat == null) ? leaseTime.dividedBy(6) : heartbeat);
    }
  }
}
