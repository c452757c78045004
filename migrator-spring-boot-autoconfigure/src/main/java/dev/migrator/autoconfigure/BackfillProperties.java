package dev.migrator.autoconfigure;

import dev.migrator.settings.BackfillSettings;
import dev.migrator.settings.ThrottleSettings;
import dev.migrator.settings.TimeWindow;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import org.springframework.util.unit.DataSize;

/** The properties {@code migrator.backfill.*}: how rows are copied and verified. */
public class BackfillProperties {

  private static final BackfillSettings DEFAULTS = BackfillSettings.defaults();

  /**
   * Number of threads of this instance that work on a backfill, between 0 and 64. With 0 it works
   * on it only while it leads.
   */
  private int workers = DEFAULTS.workers();

  /** Number of workers of all instances that may work on one backfill, between 1 and 1024. */
  private int fleetWorkers = DEFAULTS.fleetWorkers();

  /** Whether the endpoint shows the keys of rows that cannot be copied, which are data. */
  private boolean showKeys;

  /** How long one range of a backfill should take, between 1ms and 10s. */
  private Duration rangeTarget = DEFAULTS.rangeTarget();

  /** Times of day at which the workers work, such as 22:00-06:00; at any time if there are none. */
  private List<String> windows = List.of();

  /** Time zone of these times; that of the machine if not specified. */
  private ZoneId zone = DEFAULTS.zone();

  private final Throttle throttle = new Throttle();

  public int getWorkers() {
    return workers;
  }

  public void setWorkers(int workers) {
    DEFAULTS.toBuilder().workers(workers);
    this.workers = workers;
  }

  public boolean isShowKeys() {
    return showKeys;
  }

  public void setShowKeys(boolean showKeys) {
    this.showKeys = showKeys;
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
        .showKeys(showKeys)
        .rangeTarget(rangeTarget)
        .windows(windows.stream().map(TimeWindow::parse).toList())
        .zone(zone)
        .throttle(throttle.toSettings())
        .build();
  }

  /** What makes the workers of a backfill wait: {@code migrator.backfill.throttle.*}. */
  public static class Throttle {

    private static final ThrottleSettings DEFAULTS = ThrottleSettings.defaults();

    /**
     * How far behind in time the slowest standby may be before the workers wait, at most 1d, zero
     * for any.
     */
    private Duration replicationLag = DEFAULTS.replicationLag();

    /**
     * How far behind in the write-ahead log the slowest standby may be before the workers wait,
     * zero for any.
     */
    private DataSize replicationLagSize = DataSize.ofBytes(DEFAULTS.replicationLagSize());

    /**
     * How much of the write-ahead log a replication slot may keep back before the workers wait,
     * zero for any.
     */
    private DataSize slotLag = DataSize.ofBytes(DEFAULTS.slotLag());

    /**
     * How much of the write-ahead log the server may write in a second, for all its clients, before
     * the workers wait, zero for any.
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
     * How many times as long as usual a row may take before the worker waits, between 1.5 and 1000,
     * zero for any.
     */
    private double latencyFactor = DEFAULTS.latencyFactor();

    /**
     * How many times as long the slowest hundredth of small commits may take as without a backfill
     * before the workers work for a part of the time only, between 1.1 and 1000, zero for any.
     */
    private double commitLatencyFactor = DEFAULTS.commitLatencyFactor();

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

    public double getCommitLatencyFactor() {
      return commitLatencyFactor;
    }

    public void setCommitLatencyFactor(double commitLatencyFactor) {
      DEFAULTS.toBuilder().commitLatencyFactor(commitLatencyFactor);
      this.commitLatencyFactor = commitLatencyFactor;
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
          .commitLatencyFactor(commitLatencyFactor)
          .build();
    }
  }
}
