package dev.migrator.settings;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How rows are copied and verified: immutable, with a builder that knows the defaults.
 *
 * <pre>{@code
 * BackfillSettings.builder().workers(2).windows(TimeWindow.parse("22:00-06:00")).build();
 * }</pre>
 */
public final class BackfillSettings {

  private final int workers;

  private final int fleetWorkers;

  private final boolean showKeys;

  private final Duration rangeTarget;

  private final List<TimeWindow> windows;

  private final ZoneId zone;

  private final ThrottleSettings throttle;

  private BackfillSettings(Builder builder) {
    this.workers = builder.workers;
    this.fleetWorkers = builder.fleetWorkers;
    this.showKeys = builder.showKeys;
    this.rangeTarget = builder.rangeTarget;
    this.windows = builder.windows;
    this.zone = builder.zone;
    this.throttle = builder.throttle;
  }

  /**
   * Returns the settings that fit most applications.
   *
   * @return every setting at its default
   */
  public static BackfillSettings defaults() {
    return builder().build();
  }

  /**
   * Starts with the defaults.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Starts with these settings, which stay as they are.
   *
   * @return a new builder
   */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /**
   * Returns the number of workers of this instance.
   *
   * @return see {@link Builder#workers(int)}
   */
  public int workers() {
    return workers;
  }

  /**
   * Returns the number of workers of all instances together.
   *
   * @return see {@link Builder#fleetWorkers(int)}
   */
  public int fleetWorkers() {
    return fleetWorkers;
  }

  /**
   * Returns whether a status has the keys of rows that cannot be copied.
   *
   * @return see {@link Builder#showKeys(boolean)}
   */
  public boolean showKeys() {
    return showKeys;
  }

  /**
   * Returns how long one range should take.
   *
   * @return see {@link Builder#rangeTarget(Duration)}
   */
  public Duration rangeTarget() {
    return rangeTarget;
  }

  /**
   * Returns the times of day at which workers work.
   *
   * @return see {@link Builder#windows(List)}; immutable
   */
  public List<TimeWindow> windows() {
    return windows;
  }

  /**
   * Returns the time zone of the windows.
   *
   * @return see {@link Builder#zone(ZoneId)}
   */
  public ZoneId zone() {
    return zone;
  }

  /**
   * Returns what makes the workers wait.
   *
   * @return see {@link Builder#throttle(Consumer)}
   */
  public ThrottleSettings throttle() {
    return throttle;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BackfillSettings that && values().equals(that.values());
  }

  @Override
  public int hashCode() {
    return values().hashCode();
  }

  @Override
  public String toString() {
    return "BackfillSettings" + values();
  }

  private List<Object> values() {
    return List.of(workers, fleetWorkers, showKeys, rangeTarget, windows, zone, throttle);
  }

  /** Collects settings. Each method checks its value and returns this builder. */
  public static final class Builder {

    private int workers = 1;

    private int fleetWorkers = 4;

    private boolean showKeys;

    private Duration rangeTarget = Duration.ofMillis(250);

    private List<TimeWindow> windows = List.of();

    private ZoneId zone = ZoneId.systemDefault();

    private ThrottleSettings throttle = ThrottleSettings.defaults();

    private Builder() {}

    private Builder(BackfillSettings settings) {
      this.workers = settings.workers;
      this.fleetWorkers = settings.fleetWorkers;
      this.showKeys = settings.showKeys;
      this.rangeTarget = settings.rangeTarget;
      this.windows = settings.windows;
      this.zone = settings.zone;
      this.throttle = settings.throttle;
    }

    /**
     * Sets how many threads of this instance work on a backfill. With 0 this instance works on it
     * only while it leads, with one thread. Property {@code migrator.backfill.workers}.
     *
     * @param value 0 to 64; 1 by default
     * @return this
     * @throws IllegalArgumentException if the value is outside of its range
     */
    public Builder workers(int value) {
      SettingRanges.check("migrator.backfill.workers", value, 0, 64);
      this.workers = value;
      return this;
    }

    /**
     * Sets how many workers of all instances together may work on one backfill. Property {@code
     * migrator.backfill.fleet-workers}.
     *
     * @param value 1 to 1024; 4 by default
     * @return this
     * @throws IllegalArgumentException if the value is outside of its range
     */
    public Builder fleetWorkers(int value) {
      SettingRanges.check("migrator.backfill.fleet-workers", value, 1, 1024);
      this.fleetWorkers = value;
      return this;
    }

    /**
     * Sets whether a status, and so the endpoint, has the keys of rows that cannot be copied. Keys
     * are data, such as addresses; without it there is their number, and they are in {@code
     * migrator.quarantine}. Property {@code migrator.backfill.show-keys}.
     *
     * @param value {@code false} by default
     * @return this
     */
    public Builder showKeys(boolean value) {
      this.showKeys = value;
      return this;
    }

    /**
     * Sets how long one range should take; its size is steered to this. A range that takes longer
     * than the lock budget, or one and a half times this value if that is longer, is cancelled and
     * tried again with fewer rows: for so long a statement of the application can wait for a row of
     * it. Property {@code migrator.backfill.range-target}.
     *
     * @param value 1 ms to 10 s; 250 ms by default
     * @return this
     * @throws IllegalArgumentException if the value is outside of its range
     */
    public Builder rangeTarget(Duration value) {
      SettingRanges.check(
          "migrator.backfill.range-target", value, Duration.ofMillis(1), Duration.ofSeconds(10));
      this.rangeTarget = value;
      return this;
    }

    /**
     * Sets the times of day at which workers work. Property {@code migrator.backfill.windows}.
     *
     * @param value the windows; none, the default, for any time
     * @return this
     */
    public Builder windows(List<TimeWindow> value) {
      this.windows = List.copyOf(value);
      return this;
    }

    /**
     * Sets the times of day at which workers work. Property {@code migrator.backfill.windows}.
     *
     * @param value the windows; none, the default, for any time
     * @return this
     */
    public Builder windows(TimeWindow... value) {
      return windows(List.of(value));
    }

    /**
     * Sets the time zone of the windows. Property {@code migrator.backfill.zone}.
     *
     * @param value the zone; that of this machine by default
     * @return this
     */
    public Builder zone(ZoneId value) {
      this.zone = Objects.requireNonNull(value, "zone");
      return this;
    }

    /**
     * Sets what makes the workers wait. Properties {@code migrator.backfill.throttle.*}.
     *
     * @param value the thresholds; {@link ThrottleSettings#defaults()} by default
     * @return this
     */
    public Builder throttle(ThrottleSettings value) {
      this.throttle = Objects.requireNonNull(value, "throttle");
      return this;
    }

    /**
     * Changes what makes the workers wait. Properties {@code migrator.backfill.throttle.*}.
     *
     * @param change changes what has been set so far: {@code it -> it.poolWaiting(2)}
     * @return this
     */
    public Builder throttle(Consumer<ThrottleSettings.Builder> change) {
      ThrottleSettings.Builder builder = throttle.toBuilder();
      change.accept(builder);
      return throttle(builder.build());
    }

    /**
     * Makes the settings. The builder can be used again.
     *
     * @return immutable settings
     */
    public BackfillSettings build() {
      return new BackfillSettings(this);
    }
  }
}
