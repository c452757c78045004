package dev.migrator.status;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where everything stands.
 *
 * @param serverVersion the version of PostgreSQL, such as {@code 18.6}
 * @param leader the instance that leads at present; {@code null} if none does
 * @param migrations one entry for each migration
 * @param fleet the live instances, the oldest first
 */
public record MigratorStatus(
    String serverVersion,
    @Nullable Leader leader,
    List<MigrationStatus> migrations,
    List<InstanceStatus> fleet) {

  /** Copies the lists. */
  public MigratorStatus {
    fleet = List.copyOf(fleet);
    migrations = List.copyOf(migrations);
  }

  /**
   * The instance that holds the lease.
   *
   * @param instance its name, made of host and process id
   * @param since when it took the lease, on the database's clock
   * @param expiresAt when the lease ends unless renewed, on the database's clock
   */
  public record Leader(String instance, Instant since, Instant expiresAt) {}
}
