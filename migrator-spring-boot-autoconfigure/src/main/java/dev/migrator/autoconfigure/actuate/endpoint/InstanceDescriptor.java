package dev.migrator.autoconfigure.actuate.endpoint;

import dev.migrator.Phase;
import dev.migrator.status.InstanceStatus;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * A running instance.
 *
 * @param name its name
 * @param application which application it is an instance of
 * @param release the code it runs
 * @param startedAt when its JVM started
 * @param seenAt when it sent its last heartbeat
 * @param expiresAt when it is presumed dead unless it sends another
 * @param declares the last phase its release declares, by the id of the migration
 */
public record InstanceDescriptor(
    String name,
    String application,
    String release,
    Instant startedAt,
    Instant seenAt,
    Instant expiresAt,
    Map<String, Phase> declares) {

  static InstanceDescriptor of(InstanceStatus status) {
    return new InstanceDescriptor(
        status.name(),
        status.application(),
        status.release(),
        status.startedAt(),
        status.seenAt(),
        status.expiresAt(),
        new TreeMap<>(status.declares()));
  }
}
