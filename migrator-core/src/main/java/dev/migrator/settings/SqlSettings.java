package dev.migrator.settings;

import dev.migrator.error.ErrorCode;
import java.util.Map;
import java.util.Objects;
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

  private final Adopt adopt;

  private final @Nullable String adoptTable;

  private SqlSettings(Builder builder) {
    this.placeholders = Map.copyOf(builder.placeholders);
    this.outOfOrder = builder.outOfOrder;
    this.repair = Map.copyOf(builder.repair);
    this.requireDown = builder.requireDown;
    this.adopt = builder.adopt;
    this.adoptTable = builder.adoptTable;
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
    builder.adopt = adopt;
    builder.adoptTable = adoptTable;
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

  /**
   * Returns the tool whose files and history are taken over.
   *
   * @return see {@link Builder#adopt(Adopt)}
   */
  public Adopt adopt() {
    return adopt;
  }

  /**
   * Returns the table with Flyway's history.
   *
   * @return see {@link Builder#adoptTable(String)}
   */
  public @Nullable String adoptTable() {
    return adoptTable;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SqlSettings that
        && placeholders.equals(that.placeholders)
        && outOfOrder == that.outOfOrder
        && repair.equals(that.repair)
        && requireDown == that.requireDown
        && adopt == that.adopt
        && Objects.equals(adoptTable, that.adoptTable);
  }

  @Override
  public int hashCode() {
    return placeholders.hashCode() + repair.hashCode();
  }

  /** Without the values of placeholders, which may be secret. */
  @Override
  public String toString() {
    return "SqlSettings[placeholders=%s, outOfOrder=%s, repair=%s, requireDown=%s, adopt=%s, adoptTable=%s]"
        .formatted(placeholders.keySet(), outOfOrder, repair, requireDown, adopt, adoptTable);
  }

  /** Collects settings. */
  public static final class Builder {

    private final Map<String, String> placeholders = new TreeMap<>();

    private final Map<String, String> repair = new TreeMap<>();

    private boolean outOfOrder;

    private RequireDown requireDown = RequireDown.WARN;

    private Adopt adopt = Adopt.NONE;

    private @Nullable String adoptTable;

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
        throw new IllegalArgumentException(
            "%s: migrator.sql.repair.%s needs a reason".formatted(ErrorCode.SETTING_INVALID, id));
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
     * Takes over the files and the history of another tool. Property {@code migrator.adopt}.
     *
     * <pre>{@code
     * Migrator.builder(dataSource)
     *     .sqlFiles("classpath:db/migration/")
     *     .settings(MigratorSettings.builder().sql(it -> it.adopt(Adopt.FLYWAY)).build())
     *     .build();
     * }</pre>
     *
     * @param value {@link Adopt#NONE} by default
     * @return this
     */
    public Builder adopt(Adopt value) {
      this.adopt = value;
      return this;
    }

    /**
     * Sets where Flyway's history is, if its table has another name or schema. Property {@code
     * migrator.adopt-table}.
     *
     * @param value schema and table with a dot between them, or the table alone for one in schema
     *     {@code public}; {@code null}, the default, for {@code public.flyway_schema_history}
     * @return this
     */
    public Builder adoptTable(@Nullable String value) {
      this.adoptTable = value;
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
