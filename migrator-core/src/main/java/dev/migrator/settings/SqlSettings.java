package dev.migrator.settings;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How SQL files are read, and what may be different about them: immutable, with a builder that
 * knows the defaults. Properties {@code migrator.sql.*}.
 *
 * <pre>{@code
 * MigratorSettings.builder().sql(it -> it.placeholder("role", "shop")).build();
 * }</pre>
 */
public final class SqlSettings {

  private final Map<String, String> placeholders;

  private final boolean outOfOrder;

  private final Map<String, String> repair;

  private final RequireDown requireDown;

  private SqlSettings(Builder builder) {
    this.placeholders = Map.copyOf(builder.placeholders);
    this.outOfOrder = builder.outOfOrder;
    this.repair = Map.copyOf(builder.repair);
    this.requireDown = builder.requireDown;
  }

  /**
   * Returns the settings that fit most applications.
   *
   * @return every setting at its default
   */
  public static SqlSettings defaults() {
    return new Builder().build();
  }

  /**
   * Starts with these settings, which stay as they are.
   *
   * @return a new builder
   */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.placeholders.putAll(placeholders);
    builder.outOfOrder = outOfOrder;
    builder.repair.putAll(repair);
    builder.requireDown = requireDown;
    return builder;
  }

  /**
   * Returns the values of placeholders.
   *
   * @return see {@link Builder#placeholder(String, String)}
   */
  public Map<String, String> placeholders() {
    return placeholders;
  }

  /**
   * Returns whether files may run behind later ones.
   *
   * @return see {@link Builder#outOfOrder(boolean)}
   */
  public boolean outOfOrder() {
    return outOfOrder;
  }

  /**
   * Returns which files may be different from what ran, or missing.
   *
   * @return see {@link Builder#repair(String, String)}
   */
  public Map<String, String> repair() {
    return repair;
  }

  /**
   * Returns what becomes of a file without a way back.
   *
   * @return see {@link Builder#requireDown(RequireDown)}
   */
  public RequireDown requireDown() {
    return requireDown;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SqlSettings that
        && placeholders.equals(that.placeholders)
        && outOfOrder == that.outOfOrder
        && repair.equals(that.repair)
        && requireDown == that.requireDown;
  }

  @Override
  public int hashCode() {
    return placeholders.hashCode() + repair.hashCode();
  }

  /** Without the values of placeholders, which may be secret. */
  @Override
  public String toString() {
    return "SqlSettings[placeholders=%s, outOfOrder=%s, repair=%s, requireDown=%s]"
        .formatted(placeholders.keySet(), outOfOrder, repair, requireDown);
  }

  /** Collects settings. */
  public static final class Builder {

    private final Map<String, String> placeholders = new TreeMap<>();

    private final Map<String, String> repair = new TreeMap<>();

    private boolean outOfOrder;

    private RequireDown requireDown = RequireDown.WARN;

    private Builder() {}

    /**
     * Sets the value of a placeholder. Properties {@code migrator.sql.placeholders.*}.
     *
     * @param name what stands in a file between <code>${</code> and <code>}</code>
     * @param value what takes its place, as it is
     * @return this
     */
    public Builder placeholder(String name, String value) {
      placeholders.put(name, value);
      return this;
    }

    /**
     * Lets a file run that sorts before one that has run, as a branch that is merged late brings
     * it. Property {@code migrator.sql.out-of-order}.
     *
     * @param value {@code false} by default: it is refused
     * @return this
     */
    public Builder outOfOrder(boolean value) {
      this.outOfOrder = value;
      return this;
    }

    /**
     * Accepts that a file is not what ran under its id any longer, or is missing. The journal notes
     * that, and the reason. Properties {@code migrator.sql.repair.*}.
     *
     * @param id the id of the migration, which is version and name of the file
     * @param reason why it is right
     * @return this
     * @throws IllegalArgumentException if there is no reason
     */
    public Builder repair(String id, String reason) {
      if (reason.isBlank()) {
        throw new IllegalArgumentException("migrator.sql.repair.%s needs a reason".formatted(id));
      }
      repair.put(id, reason);
      return this;
    }

    /**
     * Sets what becomes of a file that has not run and has no way back. Property {@code
     * migrator.sql.require-down}.
     *
     * @param value {@link RequireDown#WARN} by default
     * @return this
     */
    public Builder requireDown(RequireDown value) {
      this.requireDown = value;
      return this;
    }

    /**
     * Makes the settings. The builder can be used again.
     *
     * @return immutable settings
     */
    public SqlSettings build() {
      return new SqlSettings(this);
    }
  }
}
