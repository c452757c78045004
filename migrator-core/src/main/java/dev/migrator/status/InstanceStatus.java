package dev.migrator.status;

import dev.migrator.Phase;
import java.time.Instant;
import java.util.Map;

/**
 * A live instance of the fleet, as it registered itself. All instants are on the database's clock.
 *
 * @param name its name, made of host and process id unless given
 * @param application which application it is an instance of
 * @param release the code it runs
 * @param startedAt when its JVM started
 * @param seenAt when it sent its last heartbeat
 * @param expiresAt when it is presumed dead unless it sends another
 * @param declares the last phase its release declares, by the id of the migration
 */
public record InstanceStatus(
    String name,
    String application,
    String release,
    Instant startedAt,
    Instant seenAt,
    Instant expiresAt,
    Map<String, Phase> declares) {

  /** Copies the map. */
  public InstanceStatus {
    declares = Map.copyOf(declares);
  }
}
