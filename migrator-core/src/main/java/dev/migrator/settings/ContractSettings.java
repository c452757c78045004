package dev.migrator.settings;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When the old side is retired and dropped: immutable, with a builder that knows the defaults.
 *
 * <pre>{@code
 * ContractSettings.builder().mode(ContractMode.MANUAL).retention(Duration.ofDays(7)).build();
 * }</pre>
 */
public final class ContractSettings {

  private final ContractMode mode;

  private final Duration soak;

  private final Duration retention;

  private final Set<String> approved;

  private ContractSettings(Builder builder) {
    this.mode = builder.mode;
    this.soak = builder.soak;
    this.retention = builder.retention;
    this.approved = builder.approved;
  }

  /**
   * Returns the settings that fit most applications.
   *
   * @return every setting at its default
   */
  public static ContractSettings defaults() {
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
   * Returns what CONTRACT waits for beside the fleet.
   *
   * @return see {@link Builder#mode(ContractMode)}
   */
  public ContractMode mode() {
    return mode;
  }

  /**
   * Returns the soak time.
   *
   * @return see {@link Builder#soak(Duration)}
   */
  public Duration soak() {
    return soak;
  }

  /**
   * Returns the retention time of a retired column.
   *
   * @return see {@link Builder#retention(Duration)}
   */
  public Duration retention() {
    return retention;
  }

  /**
   * Returns the migrations whose CONTRACT is approved.
   *
   * @return see {@link Builder#approved(Set)}; immutable
   */
  public Set<String> approved() {
    return approved;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ContractSettings that && values().equals(that.values());
  }

  @Override
  public int hashCode() {
    return values().hashCode();
  }

  @Override
  public String toString() {
    return "ContractSettings" + values();
  }

  private List<Object> values() {
    return List.of(mode, soak, retention, approved);
  }

  /** Collects settings. Each method checks its value and returns this builder. */
  public static final class Builder {

    private ContractMode mode = ContractMode.AUTO;

    private Duration soak = Duration.ZERO;

    private Duration retention = Duration.ofDays(1);

    private Set<String> approved = Set.of();

    private Builder() {}

    private Builder(ContractSettings settings) {
      this.mode = settings.mode;
      this.soak = settings.soak;
      this.retention = settings.retention;
      this.approved = settings.approved;
    }

    /**
     * Sets what CONTRACT waits for beside the instances that still need the old side. Property
     * {@code migrator.contract.mode}.
     *
     * @param value the mode; {@link ContractMode#AUTO} by default
     * @return this
     */
    public Builder mode(ContractMode value) {
      this.mode = Objects.requireNonNull(value, "mode");
      return this;
    }

    /**
     * Sets the soak time: for how long no live instance must have needed the old side before
     * CONTRACT runs. Property {@code migrator.contract.soak}.
     *
     * @param value 0 to 30 days; 0 by default
     * @return this
     * @throws IllegalArgumentException if the value is outside of its range
     */
    public Builder soak(Duration value) {
      SettingRanges.check("migrator.contract.soak", value, Duration.ZERO, Duration.ofDays(30));
      this.soak = value;
      return this;
    }

    /**
     * Sets the retention time: how long a retired column is kept before it is dropped. Until then
     * CONTRACT can be undone. Property {@code migrator.contract.retention}.
     *
     * @param value 0 to 3650 days; 1 day by default; with 0 the column is dropped at once
     * @return this
     * @throws IllegalArgumentException if the value is outside of its range
     */
    public Builder retention(Duration value) {
      SettingRanges.check(
          "migrator.contract.retention", value, Duration.ZERO, Duration.ofDays(3650));
      this.retention = value;
      return this;
    }

    /**
     * Sets the migrations whose CONTRACT is approved, for {@link ContractMode#MANUAL}. Property
     * {@code migrator.contract.approved}.
     *
     * @param value ids of migrations; none by default
     * @return this
     */
    public Builder approved(Set<String> value) {
      this.approved = Set.copyOf(value);
      return this;
    }

    /**
     * Sets the migrations whose CONTRACT is approved, for {@link ContractMode#MANUAL}. Property
     * {@code migrator.contract.approved}.
     *
     * @param value ids of migrations; none by default
     * @return this
     */
    public Builder approved(String... value) {
      return approved(Set.of(value));
    }

    /**
     * Makes the settings. The builder can be used again.
     *
     * @return immutable settings
     */
    public ContractSettings build() {
      return new ContractSettings(this);
    }
  }
}
