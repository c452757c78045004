package dev.migrator.autoconfigure.actuate.endpoint;

import dev.migrator.status.MigrationStatus;
import dev.migrator.status.MigratorStatus;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one migrator reports.
 *
 * @param serverVersion the version of PostgreSQL
 * @param leader who does the work at present, if anybody does
 * @param counts how many migrations are in each state
 * @param fleet the running instances, the oldest first
 * @param migrations the migrations, in the order of declaration, then those of other releases
 * @param asOf when this was so, if the database does not answer now
 * @param error why the database does not answer, if it does not
 */
public record MigratorDescriptor(
    @Nullable String serverVersion,
    @Nullable LeaderDescriptor leader,
    Map<MigrationStatus.State, Integer> counts,
    List<InstanceDescriptor> fleet,
    List<MigrationDescriptor> migrations,
    @Nullable Instant asOf,
    @Nullable String error) {

  static MigratorDescriptor of(LatestStatus.Known known) {
    MigratorStatus status = known.status();
    if (status == null) {
      return new MigratorDescriptor(
          null, null, Map.of(), List.of(), List.of(), null, known.error());
    }
    Map<MigrationStatus.State, Integer> counts = new EnumMap<>(MigrationStatus.State.class);
    for (MigrationStatus.State state : MigrationStatus.State.values()) {
      counts.put(state, 0);
    }
    status.migrations().forEach(migration -> counts.merge(migration.state(), 1, Integer::sum));
    return new MigratorDescriptor(
        status.serverVersion(),
        LeaderDescriptor.of(status.leader()),
        counts,
        status.fleet().stream().map(InstanceDescriptor::of).toList(),
        status.migrations().stream().map(MigrationDescriptor::brief).toList(),
        (known.error() == null) ? null : known.asOf(),
        known.error());
  }

  /**
   * The instance that does the work.
   *
   * @param instance its name
   * @param since when it took the lease
   * @param expiresAt when the lease ends unless renewed
   */
  public record LeaderDescriptor(String instance, Instant since, Instant expiresAt) {

    static @Nullable LeaderDescriptor of(MigratorStatus.@Nullable Leader leader) {
      return (leader != null)
          ? new LeaderDescriptor(leader.instance(), leader.since(), leader.expiresAt())
          : null;
    }
  }
}
