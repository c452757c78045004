package dev.migrator.settings;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How the engine behaves: immutable, with a builder that knows the defaults.
 *
 * <pre>{@code
 * MigratorSettings.builder()
 *     .lock(it -> it.budget(Duration.ofMillis(100)))
 *     .backfill(it -> it.workers(2).fleetWorkers(8))
 *     .build();
 * }</pre>
 *
 * <p>With Spring Boot each setting has a property of the same meaning under {@code migrator.}; its
 * name stands at the method of the builder.
 */
public final class MigratorSettings {

  private final LockSettings lock;

  private final Duration leaseTime;

  private final Duration startupLimit;

  private final BackfillSettings backfill;

  private final ContractSettings contract;

  private final FleetSettings fleet;

  private final SqlSettings sql;

  private final SafetySettings safety;

  private MigratorSettings(Builder builder) {
    this.lock = builder.lock;
    this.leaseTime = builder.leaseTime;
    this.startupLimit = builder.startupLimit;
    this.backfill = builder.backfill;
    this.contract = builder.contract;
    this.fleet = builder.fleet;
    this.sql = builder.sql;
    this.safety = builder.safety;
  }

  /**
   * Returns the settings that fit most applications.
   *
   * @return every setting at its default
   */
  public static MigratorSettings defaults() {
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
   * Returns how steps and SQL files get their locks.
   *
   * @return see {@link Builder#lock(Consumer)}
   */
  public LockSettings lock() {
    return lock;
  }

  /**
   * Returns how long the leader's lease lasts.
   *
   * @return see {@link Builder#leaseTime(Duration)}
   */
  public Duration leaseTime() {
    return leaseTime;
  }

  /**
   * Returns how long a start may take.
   *
   * @return see {@link Builder#startupLimit(Duration)}
   */
  public Duration startupLimit() {
    return startupLimit;
  }

  /**
   * Returns how rows are copied and verified.
   *
   * @return see {@link Builder#backfill(Consumer)}
   */
  public BackfillSettings backfill() {
    return backfill;
  }

  /**
   * Returns when the old side is retired and dropped.
   *
   * @return see {@link Builder#contract(Consumer)}
   */
  public ContractSettings contract() {
    return contract;
  }

  /**
   * Returns how the instances of a fleet know of each other.
   *
   * @return see {@link Builder#fleet(Consumer)}
   */
  public FleetSettings fleet() {
    return fleet;
  }

  /**
   * Returns how SQL files are read.
   *
   * @return see {@link Builder#sql(Consumer)}
   */
  public SqlSettings sql() {
    return sql;
  }

  /**
   * Returns what is waited for or refused beyond the fleet.
   *
   * @return see {@link Builder#safety(Consumer)}
   */
  public SafetySettings safety() {
    return safety;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MigratorSettings that && values().equals(that.values());
  }

  @Override
  public int hashCode() {
    return values().hashCode();
  }

  @Override
  public String toString() {
    return "MigratorSettings" + values();
  }

  private List<Object> values() {
    return List.of(lock, leaseTime, startupLimit, backfill, contract, fleet, sql, safety);
  }

  /** Collects settings. Each method checks its value and returns this builder. */
  public static final class Builder {

    private LockSettings lock = LockSettings.defaults();

    private Duration leaseTime = Duration.ofSeconds(10);

    private Duration startupLimit = Duration.ofMinutes(10);

    private BackfillSettings backfill = BackfillSettings.defaults();

    private ContractSettings contract = ContractSettings.defaults();

    private FleetSettings fleet = FleetSettings.defaults();

    private SqlSettings sql = SqlSettings.defaults();

    private SafetySettings safety = SafetySettings.defaults();

    private Builder() {}

    private Builder(MigratorSettings settings) {
      this.lock = settings.lock;
      this.leaseTime = settings.leaseTime;
      this.startupLimit = settings.startupLimit;
      this.backfill = settings.backfill;
      this.contract = settings.contract;
      this.fleet = settings.fleet;
      this.sql = settings.sql;
      this.safety = settings.safety;
    }

    /**
     * Changes how steps and SQL files get their locks. Properties {@code migrator.lock.*}.
     *
     * @param change changes what has been set so far: {@code it ->
     *     it.budget(Duration.ofMillis(100))}
     * @return this
     */
    public Builder lock(Consumer<LockSettings.Builder> change) {
      LockSettings.Builder builder = lock.toBuilder();
      change.accept(builder);
      this.lock = builder.build();
      return this;
    }

    /**
     * Sets how long the lease of the leading instance lasts. When a leader has not renewed it for
     * this long, another instance takes the work over. Property {@code migrator.lease-time}.
     *
     * @param value 1 s to 10 minutes; 10 s by default
     * @return this
     * @throws IllegalArgumentException if the value is outside of its range
     */
    public Builder leaseTime(Duration value) {
      SettingRanges.check(
          "migrator.lease-time", value, Duration.ofSeconds(1), Duration.ofMinutes(10));
      this.leaseTime = value;
      return this;
    }

    /**
     * Sets how long {@link dev.migrator.Migrator#prepare()} may take before the start fails.
     * Property {@code migrator.startup-limit}.
     *
     * @param value 1 ms to 1 day; 10 minutes by default
     * @return this
     * @throws IllegalArgumentException if the value is outside of its range
     */
    public Builder startupLimit(Duration value) {
      SettingRanges.check(
          "migrator.startup-limit", value, Duration.ofMillis(1), Duration.ofDays(1));
      this.startupLimit = value;
      return this;
    }

    /**
     * Sets how rows are copied and verified. Properties {@code migrator.backfill.*}.
     *
     * @param value the settings; {@link BackfillSettings#defaults()} by default
     * @return this
     */
    public Builder backfill(BackfillSettings value) {
      this.backfill = value;
      return this;
    }

    /**
     * Changes how rows are copied and verified. Properties {@code migrator.backfill.*}.
     *
     * @param change changes what has been set so far: {@code it -> it.workers(2)}
     * @return this
     */
    public Builder backfill(Consumer<BackfillSettings.Builder> change) {
      BackfillSettings.Builder builder = backfill.toBuilder();
      change.accept(builder);
      return backfill(builder.build());
    }

    /**
     * Sets when the old side is retired and dropped. Properties {@code migrator.contract.*}.
     *
     * @param value the settings; {@link ContractSettings#defaults()} by default
     * @return this
     */
    public Builder contract(ContractSettings value) {
      this.contract = value;
      return this;
    }

    /**
     * Changes when the old side is retired and dropped. Properties {@code migrator.contract.*}.
     *
     * @param change changes what has been set so far: {@code it -> it.mode(ContractMode.MANUAL)}
     * @return this
     */
    public Builder contract(Consumer<ContractSettings.Builder> change) {
      ContractSettings.Builder builder = contract.toBuilder();
      change.accept(builder);
      return contract(builder.build());
    }

    /**
     * Sets how the instances of a fleet know of each other. Properties {@code migrator.fleet.*}.
     *
     * @param value the settings; {@link FleetSettings#defaults()} by default
     * @return this
     */
    public Builder fleet(FleetSettings value) {
      this.fleet = value;
      return this;
    }

    /**
     * Changes how the instances of a fleet know of each other. Properties {@code migrator.fleet.*}.
     *
     * @param change changes what has been set so far: {@code it ->
     *     it.leaseTime(Duration.ofMinutes(1))}
     * @return this
     * @throws IllegalArgumentException if lease time and heartbeat do not fit together
     */
    public Builder fleet(Consumer<FleetSettings.Builder> change) {
      FleetSettings.Builder builder = fleet.toBuilder();
      change.accept(builder);
      return fleet(builder.build());
    }

    /**
     * Changes how SQL files are read. Properties {@code migrator.sql.*}.
     *
     * @param change changes what has been set so far: {@code it -> it.outOfOrder(true)}
     * @return this
     */
    public Builder sql(Consumer<SqlSettings.Builder> change) {
      SqlSettings.Builder builder = sql.toBuilder();
      change.accept(builder);
      this.sql = builder.build();
      return this;
    }

    /**
     * Changes what is waited for or refused beyond the fleet, and what an instance asks for at its
     * start.
     *
     * @param change changes what has been set so far: {@code it ->
     *     it.standbyLimit(Duration.ofMinutes(5))}
     * @return this
     */
    public Builder safety(Consumer<SafetySettings.Builder> change) {
      SafetySettings.Builder builder = safety.toBuilder();
      change.accept(builder);
      this.safety = builder.build();
      return this;
    }

    /**
     * Makes the settings. The builder can be used again.
     *
     * @return immutable settings
     */
    public MigratorSettings build() {
      return new MigratorSettings(this);
    }
  }
}
