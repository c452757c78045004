package dev.migrator.autoconfigure;

import dev.migrator.settings.BackfillSettings;
import dev.migrator.settings.ContractMode;
import dev.migrator.settings.FleetSettings;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.settings.ThrottleSettings;
import dev.migrator.settings.TimeWindow;
import java.time.Duration;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.unit.DataSize;

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
    DEFAULTS.toBuilder().leaseTime(leaseTime);
    this.leaseTime = leaseTime;
  }

  public Duration getStartupLimit() {
    return startupLimit;
  }

  public void setStartupLimit(Duration startupLimit) {
    DEFAULTS.toBuilder().startupLimit(startupLimit);
    this.startupLimit = startupLimit;
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
    return MigratorSettings.builder()
        .lockBudget(lock.budget)
        .lockRetryLimit(lock.retryLimit)
        .leaseTime(leaseTime)
        .startupLimit(startupLimit)
        .backfill(backfill.toSettings())
        .contract(
            it ->
                it.mode(contract.mode)
                    .soak(contract.soak)
                    .retention(contract.retention)
                    .approved(contract.approved))
        .fleet(fleet.toSettings())
        .build();
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
      DEFAULTS.toBuilder().lockBudget(budget);
      this.budget = budget;
    }

    public Duration getRetryLimit() {
      return retryLimit;
    }

    public void setRetryLimit(Duration retryLimit) {
      DEFAULTS.toBuilder().lockRetryLimit(retryLimit);
      this.retryLimit = retryLimit;
    }
  }

  /** How the old rows are brought over. */
  public static class Backfill {

    private static final BackfillSettings DEFAULTS = BackfillSettings.defaults();

    /**
     * Number of threads of this instance that work on a backfill, between 0 and 64. With 0 it takes
     * part only while it leads.
     */
    private int workers = DEFAULTS.workers();

    /** Number of workers of all instances that may work on one backfill, between 1 and 1024. */
    private int fleetWorkers = DEFAULTS.fleetWorkers();

    /**
     * How long one range of a backfill should take, between 1ms and 10s. If a duration suffix is
     * not specified, milliseconds will be used.
     */
    private Duration rangeTarget = DEFAULTS.rangeTarget();

    /**
     * Times of day at which rows are worked on, such as 22:00-06:00; at any time if there are none.
     */
    private List<String> windows = List.of();

    /** Time zone of these times, that of the machine unless set. */
    private ZoneId zone = DEFAULTS.zone();

    private final Throttle throttle = new Throttle();

    public int getWorkers() {
      return workers;
    }

    public void setWorkers(int workers) {
      DEFAULTS.toBuilder().workers(workers);
      this.workers = workers;
    }

    public int getFleetWorkers() {
      return fleetWorkers;
    }

    public void setFleetWorkers(int fleetWorkers) {
      DEFAULTS.toBuilder().fleetWorkers(fleetWorkers);
      this.fleetWorkers = fleetWorkers;
    }

    public Duration getRangeTarget() {
      return rangeTarget;
    }

    public void setRangeTarget(Duration rangeTarget) {
      DEFAULTS.toBuilder().rangeTarget(rangeTarget);
      this.rangeTarget = rangeTarget;
    }

    public List<String> getWindows() {
      return windows;
    }

    public void setWindows(List<String> windows) {
      windows.forEach(TimeWindow::parse);
      this.windows = windows;
    }

    public ZoneId getZone() {
      return zone;
    }

    public void setZone(ZoneId zone) {
      this.zone = zone;
    }

    public Throttle getThrottle() {
      return throttle;
    }

    BackfillSettings toSettings() {
      return BackfillSettings.builder()
          .workers(workers)
          .fleetWorkers(fleetWorkers)
          .rangeTarget(rangeTarget)
          .windows(windows.stream().map(TimeWindow::parse).toList())
          .zone(zone)
          .throttle(throttle.toSettings())
          .build();
    }
  }

  /** What makes the workers of a backfill wait. */
  public static class Throttle {

    private static final ThrottleSettings DEFAULTS = ThrottleSettings.defaults();

    /**
     * How far behind in time the worst standby may be before the workers wait, at most 1d, zero for
     * any. If a duration suffix is not specified, milliseconds will be used.
     */
    private Duration replicationLag = DEFAULTS.replicationLag();

    /**
     * How far behind in the write-ahead log the worst standby may be before the workers wait, zero
     * for any.
     */
    private DataSize replicationLagSize = DataSize.ofBytes(DEFAULTS.replicationLagSize());

    /**
     * How much of the write-ahead log a replication slot may keep back before the workers wait,
     * zero for any.
     */
    private DataSize slotLag = DataSize.ofBytes(DEFAULTS.slotLag());

    /**
     * How much of the write-ahead log the server may write in a second, by whomever, before the
     * workers wait, zero for any.
     */
    private DataSize walRate = DataSize.ofBytes(DEFAULTS.walRate());

    /**
     * How many sessions may wait for locks of a backfill before the workers wait, at most 10000,
     * zero for any.
     */
    private int waitingSessions = DEFAULTS.waitingSessions();

    /**
     * How many threads may wait for a connection of the application's pool before the workers of
     * this instance wait, at most 10000, zero for any.
     */
    private int poolWaiting = DEFAULTS.poolWaiting();

    /**
     * How many times as long as usual a row may take before the worker rests, between 1.5 and 1000,
     * zero for any.
     */
    private double latencyFactor = DEFAULTS.latencyFactor();

    public Duration getReplicationLag() {
      return replicationLag;
    }

    public void setReplicationLag(Duration replicationLag) {
      DEFAULTS.toBuilder().replicationLag(replicationLag);
      this.replicationLag = replicationLag;
    }

    public DataSize getReplicationLagSize() {
      return replicationLagSize;
    }

    public void setReplicationLagSize(DataSize replicationLagSize) {
      DEFAULTS.toBuilder().replicationLagSize(replicationLagSize.toBytes());
      this.replicationLagSize = replicationLagSize;
    }

    public DataSize getSlotLag() {
      return slotLag;
    }

    public void setSlotLag(DataSize slotLag) {
      DEFAULTS.toBuilder().slotLag(slotLag.toBytes());
      this.slotLag = slotLag;
    }

    public DataSize getWalRate() {
      return walRate;
    }

    public void setWalRate(DataSize walRate) {
      DEFAULTS.toBuilder().walRate(walRate.toBytes());
      this.walRate = walRate;
    }

    public int getWaitingSessions() {
      return waitingSessions;
    }

    public void setWaitingSessions(int waitingSessions) {
      DEFAULTS.toBuilder().waitingSessions(waitingSessions);
      this.waitingSessions = waitingSessions;
    }

    public int getPoolWaiting() {
      return poolWaiting;
    }

    public void setPoolWaiting(int poolWaiting) {
      DEFAULTS.toBuilder().poolWaiting(poolWaiting);
      this.poolWaiting = poolWaiting;
    }

    public double getLatencyFactor() {
      return latencyFactor;
    }

    public void setLatencyFactor(double latencyFactor) {
      DEFAULTS.toBuilder().latencyFactor(latencyFactor);
      this.latencyFactor = latencyFactor;
    }

    ThrottleSettings toSettings() {
      return ThrottleSettings.builder()
          .replicationLag(replicationLag)
          .replicationLagSize(replicationLagSize.toBytes())
          .slotLag(slotLag.toBytes())
          .walRate(walRate.toBytes())
          .waitingSessions(waitingSessions)
          .poolWaiting(poolWaiting)
          .latencyFactor(latencyFactor)
          .build();
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
      DEFAULTS.contract().toBuilder().soak(soak);
      this.soak = soak;
    }

    public Duration getRetention() {
      return retention;
    }

    public void setRetention(Duration retention) {
      DEFAULTS.contract().toBuilder().retention(retention);
      this.retention = retention;
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

    /**
     * Whether the DataSource beans of the application hand out no connection while this instance
     * must not serve.
     */
    private boolean guardDataSource;

    /**
     * Whether to renew the connections of Hikari pools when a table has got or lost a column, so
     * that no statement fails which they have prepared before.
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
      DEFAULTS.fleet().toBuilder().leaseTime(leaseTime);
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
      DEFAULTS.fleet().toBuilder().switchGrace(switchGrace);
      this.switchGrace = switchGrace;
    }

    /** Here and not in a setter, as the one limits the other. */
    FleetSettings toSettings() {
      return FleetSettings.builder()
          .leaseTime(leaseTime)
          .heartbeat(heartbeat)
          .switchGrace(switchGrace)
          .build();
    }
  }
}
