package dev.migrator.autoconfigure;

import dev.migrator.settings.Adopt;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.settings.ReplicationMode;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

/**
 * The properties {@code migrator.*}. Defaults and ranges are those of {@link MigratorSettings};
 * each setter checks its value there, so that a bad one is reported with the property and the place
 * where it is set.
 */
@ConfigurationProperties("migrator")
public class MigratorProperties {

  private static final MigratorSettings DEFAULTS = MigratorSettings.defaults();

  private static final List<String> LOCATIONS = List.of("classpath:db/migrator/");

  /** Whether migrations run when the application starts. */
  private boolean enabled = true;

  /**
   * Name of the application, for messages and the endpoint. The value of 'spring.application.name'
   * if not specified.
   */
  private @Nullable String application;

  /**
   * Name of the release that this instance runs, for messages and the endpoint. Taken from the
   * build information, the Git commit or the version of the application's jar if not specified.
   */
  private @Nullable String release;

  /**
   * Name of this instance, which no other running instance may have. Made of host and process id if
   * not specified.
   */
  private @Nullable String instanceId;

  /**
   * How long the lease of the leading instance lasts, between 1s and 10m. When a leader has not
   * renewed it for this long, another instance takes the work over.
   */
  private Duration leaseTime = DEFAULTS.leaseTime();

  /** How long the start may wait for what this release needs before it fails, at most 1d. */
  private Duration startupLimit = DEFAULTS.startupLimit();

  /** Where the SQL files are, with the folders below: 'classpath:' or 'file:'. */
  private List<String> locations = LOCATIONS;

  /** Tool that ran the SQL files before, whose files and history are taken over. */
  private Adopt adopt = Adopt.NONE;

  /** Schema and table with Flyway's history, if it is not 'public.flyway_schema_history'. */
  private @Nullable String adoptTable;

  /** What becomes of a change of a table that a publication sends to subscribers. */
  private ReplicationMode replication = DEFAULTS.safety().replication();

  /** Comma-separated list of the ids of migrations whose tables may change though replicated. */
  private Set<String> replicationAllowed = Set.of();

  /**
   * How long reads wait for standbys before they switch, at most 1d; zero where no standby serves
   * reads.
   */
  private Duration standbyLimit = DEFAULTS.safety().standbyLimit();

  /** Role that may own the journal beside the one that works, though it can log in. */
  private @Nullable String journalOwner;

  /**
   * Comma-separated list of commands that this instance gives at its start, such as 'resume:ID' or
   * 'undo-backfill:ID'.
   */
  private List<String> commands = List.of();

  /**
   * Up to how many rows a table may have that is changed in one transaction where no other instance
   * runs, at most 100000; 0 takes every migration through its phases one by one.
   */
  private int oneTransactionRows = DEFAULTS.safety().oneTransactionRows();

  /**
   * Comma-separated list of the ids of migrations whose recorded SQL is accepted at this start
   * though it is not sealed.
   */
  private Set<String> acceptRecords = Set.of();

  @NestedConfigurationProperty private final LockProperties lock = new LockProperties();

  @NestedConfigurationProperty private final SqlProperties sql = new SqlProperties();

  @NestedConfigurationProperty private final BackfillProperties backfill = new BackfillProperties();

  @NestedConfigurationProperty private final ContractProperties contract = new ContractProperties();

  @NestedConfigurationProperty private final FleetProperties fleet = new FleetProperties();

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

  public List<String> getLocations() {
    return locations;
  }

  public void setLocations(List<String> locations) {
    this.locations = locations;
  }

  /** With the folder of the tool whose files are taken over, unless others are set. */
  List<String> allLocations() {
    if (locations != LOCATIONS) {
      return locations;
    }
    return switch (adopt) {
      case NONE -> locations;
      case FLYWAY -> List.of("classpath:db/migration/", LOCATIONS.get(0));
      case SUPABASE -> List.of("classpath:supabase/migrations/", LOCATIONS.get(0));
    };
  }

  public Adopt getAdopt() {
    return adopt;
  }

  public void setAdopt(Adopt adopt) {
    this.adopt = adopt;
  }

  public @Nullable String getAdoptTable() {
    return adoptTable;
  }

  public void setAdoptTable(@Nullable String adoptTable) {
    this.adoptTable = adoptTable;
  }

  public ReplicationMode getReplication() {
    return replication;
  }

  public void setReplication(ReplicationMode replication) {
    this.replication = replication;
  }

  public Set<String> getReplicationAllowed() {
    return replicationAllowed;
  }

  public void setReplicationAllowed(Set<String> replicationAllowed) {
    this.replicationAllowed = replicationAllowed;
  }

  public Duration getStandbyLimit() {
    return standbyLimit;
  }

  public void setStandbyLimit(Duration standbyLimit) {
    DEFAULTS.toBuilder().safety(it -> it.standbyLimit(standbyLimit));
    this.standbyLimit = standbyLimit;
  }

  public @Nullable String getJournalOwner() {
    return journalOwner;
  }

  public void setJournalOwner(@Nullable String journalOwner) {
    this.journalOwner = journalOwner;
  }

  public List<String> getCommands() {
    return commands;
  }

  public void setCommands(List<String> commands) {
    DEFAULTS.toBuilder().safety(it -> it.commands(commands.toArray(String[]::new)));
    this.commands = commands;
  }

  public int getOneTransactionRows() {
    return oneTransactionRows;
  }

  public void setOneTransactionRows(int oneTransactionRows) {
    DEFAULTS.toBuilder().safety(it -> it.oneTransactionRows(oneTransactionRows));
    this.oneTransactionRows = oneTransactionRows;
  }

  public Set<String> getAcceptRecords() {
    return acceptRecords;
  }

  public void setAcceptRecords(Set<String> acceptRecords) {
    this.acceptRecords = acceptRecords;
  }

  public SqlProperties getSql() {
    return sql;
  }

  public LockProperties getLock() {
    return lock;
  }

  public BackfillProperties getBackfill() {
    return backfill;
  }

  public ContractProperties getContract() {
    return contract;
  }

  public FleetProperties getFleet() {
    return fleet;
  }

  MigratorSettings toSettings() {
    return MigratorSettings.builder()
        .lock(
            it -> it.budget(lock.getBudget()).retryLimit(lock.getRetryLimit()).hold(lock.getHold()))
        .leaseTime(leaseTime)
        .startupLimit(startupLimit)
        .backfill(backfill.toSettings())
        .contract(
            it ->
                it.mode(contract.getMode())
                    .soak(contract.getSoak())
                    .retention(contract.getRetention())
                    .approved(contract.getApproved()))
        .fleet(fleet.toSettings())
        .sql(sql::apply)
        .sql(it -> it.adopt(adopt).adoptTable(adoptTable))
        .safety(
            it ->
                it.replication(replication)
                    .replicationAllowed(replicationAllowed)
                    .standbyLimit(standbyLimit)
                    .journalOwner(journalOwner)
                    .commands(commands.toArray(String[]::new))
                    .oneTransactionRows(oneTransactionRows)
                    .acceptRecords(acceptRecords))
        .build();
  }
}
