package dev.migrator.settings;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the engine waits for or refuses beyond the fleet, and what an instance asks for at its
 * start: immutable, with a builder that knows the defaults.
 *
 * <pre>{@code
 * MigratorSettings.builder()
 *     .safety(it -> it.replication(ReplicationMode.ALLOW).standbyLimit(Duration.ofMinutes(5)))
 *     .build();
 * }</pre>
 */
public final class SafetySettings {

  private final ReplicationMode replication;

  private final Set<String> replicationAllowed;

  private final Duration standbyLimit;

  private final @Nullable String journalOwner;

  private final List<StartCommand> commands;

  private final int oneTransactionRows;

  private final Set<String> acceptRecords;

  private SafetySettings(Builder builder) {
    this.replication = builder.replication;
    this.replicationAllowed = builder.replicationAllowed;
    this.standbyLimit = builder.standbyLimit;
    this.journalOwner = builder.journalOwner;
    this.commands = builder.commands;
    this.oneTransactionRows = builder.oneTransactionRows;
    this.acceptRecords = builder.acceptRecords;
  }

  /**
   * Returns the settings that fit most applications.
   *
   * @return every setting at its default
   */
  public static SafetySettings defaults() {
    return new Builder().build();
  }

  /**
   * Starts with these settings, which stay as they are.
   *
   * @return a new builder
   */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.replication = replication;
    builder.replicationAllowed = replicationAllowed;
    builder.standbyLimit = standbyLimit;
    builder.journalOwner = journalOwner;
    builder.commands = commands;
    builder.oneTransactionRows = oneTransactionRows;
    builder.acceptRecords = acceptRecords;
    return builder;
  }

  /**
   * Returns what becomes of a change of a replicated table.
   *
   * @return see {@link Builder#replication(ReplicationMode)}
   */
  public ReplicationMode replication() {
    return replication;
  }

  /**
   * Returns whether the tables of a migration may change though they are replicated.
   *
   * @param migration the id of the migration
   * @return see {@link Builder#replicationAllowed(Set)}
   */
  public boolean allowsReplicationOf(String migration) {
    return replication == ReplicationMode.ALLOW || replicationAllowed.contains(migration);
  }

  /**
   * Returns how long SWITCH_READ waits for standbys.
   *
   * @return see {@link Builder#standbyLimit(Duration)}
   */
  public Duration standbyLimit() {
    return standbyLimit;
  }

  /**
   * Returns who may own the journal beside the role that works.
   *
   * @return see {@link Builder#journalOwner(String)}
   */
  public @Nullable String journalOwner() {
    return journalOwner;
  }

  /**
   * Returns what this instance asks for at its start.
   *
   * @return see {@link Builder#commands(String...)}
   */
  public List<StartCommand> commands() {
    return commands;
  }

  /**
   * Returns up to how many rows a table may have that is changed in one transaction.
   *
   * @return see {@link Builder#oneTransactionRows(int)}
   */
  public int oneTransactionRows() {
    return oneTransactionRows;
  }

  /**
   * Returns of which migrations this instance accepts what is recorded.
   *
   * @return see {@link Builder#acceptRecords(Set)}
   */
  public Set<String> acceptRecords() {
    return acceptRecords;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SafetySettings that && values().equals(that.values());
  }

  @Override
  public int hashCode() {
    return values().hashCode();
  }

  @Override
  public String toString() {
    return "SafetySettings" + values();
  }

  private List<@Nullable Object> values() {
    return Arrays.asList(
        replication,
        replicationAllowed,
        standbyLimit,
        journalOwner,
        commands,
        oneTransactionRows,
        acceptRecords);
  }

  /** Collects settings. Each method returns this builder. */
  public static final class Builder {

    private ReplicationMode replication = ReplicationMode.HOLD;

    private Set<String> replicationAllowed = Set.of();

    private Duration standbyLimit = Duration.ofMinutes(1);

    private @Nullable String journalOwner;

    private List<StartCommand> commands = List.of();

    private int oneTransactionRows = 1_000;

    private Set<String> acceptRecords = Set.of();

    private Builder() {}

    /**
     * Sets what becomes of a change that gives columns to a table, or creates one, which a
     * publication sends to subscribers, and of the journal itself. A subscriber that does not have
     * them stops at the first row. Property {@code migrator.replication}.
     *
     * @param value {@link ReplicationMode#HOLD} by default
     * @return this
     */
    public Builder replication(ReplicationMode value) {
      this.replication = Objects.requireNonNull(value, "migrator.replication");
      return this;
    }

    /**
     * Sets which migrations may change tables that are replicated, because their subscribers are
     * ready. Property {@code migrator.replication-allowed}.
     *
     * @param value ids of migrations; none by default
     * @return this
     */
    public Builder replicationAllowed(Set<String> value) {
      this.replicationAllowed = Set.copyOf(value);
      return this;
    }

    /**
     * Sets how long reads wait for the standbys that the server shows, before they switch: until
     * each has replayed the verification. Then the step fails. Property {@code
     * migrator.standby-limit}.
     *
     * @param value 0 to 1 d; 1 minute by default; 0 waits for none, where no standby serves reads
     * @return this
     * @throws IllegalArgumentException if the value is outside of its range
     */
    public Builder standbyLimit(Duration value) {
      SettingRanges.check("migrator.standby-limit", value, Duration.ZERO, Duration.ofDays(1));
      this.standbyLimit = value;
      return this;
    }

    /**
     * Sets who may own the journal beside the role that works: a role that can log in as well, and
     * is then able to have anything run with the rights of this one. Property {@code
     * migrator.journal-owner}.
     *
     * @param value the name of a role; {@code null} for none, the default
     * @return this
     */
    public Builder journalOwner(@Nullable String value) {
      this.journalOwner = value;
      return this;
    }

    /**
     * Sets what this instance asks for at its start, before it waits for anything: for a change
     * that keeps every instance from starting, so that none is left that could take a command.
     * Property {@code migrator.commands}.
     *
     * @param value commands as {@link StartCommand#parse} reads them; none by default
     * @return this
     * @throws IllegalArgumentException if one is none
     */
    public Builder commands(String... value) {
      this.commands = Arrays.stream(value).map(StartCommand::parse).toList();
      return this;
    }

    /**
     * Sets up to how many rows a table may have that a migration changes in one transaction, before
     * this instance serves and where no other instance lives, as on a new database, on a laptop or
     * in a test. The statements are those of the phases, without the pauses between them. The old
     * side goes at once only where there was never a row. Property {@code
     * migrator.one-transaction-rows}.
     *
     * @param value 0 to 100,000; 1,000 by default; 0 takes every migration through its phases one
     *     by one
     * @return this
     * @throws IllegalArgumentException if the value is outside of its range
     */
    public Builder oneTransactionRows(int value) {
      SettingRanges.check("migrator.one-transaction-rows", value, 0, 100_000);
      this.oneTransactionRows = value;
      return this;
    }

    /**
     * Sets of which migrations this instance accepts, at its start, what the journal has recorded
     * to be run, though the seal of the role that works is missing on it: because somebody has
     * looked at it. For one start. Property {@code migrator.accept-records}.
     *
     * @param value ids of migrations; none by default
     * @return this
     */
    public Builder acceptRecords(Set<String> value) {
      this.acceptRecords = Set.copyOf(value);
      return this;
    }

    /**
     * Makes the settings. The builder can be used again.
     *
     * @return immutable settings
     */
    public SafetySettings build() {
      return new SafetySettings(this);
    }
  }
}
