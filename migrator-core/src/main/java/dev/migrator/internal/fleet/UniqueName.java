package dev.migrator.internal.fleet;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.NotReadyException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes sure that no other live instance has the name that somebody chose for this one. */
final class UniqueName {

  private static final Logger logger = LoggerFactory.getLogger(UniqueName.class);

  private final Registry registry;

  private final InstanceInfo self;

  private final Duration heartbeat;

  UniqueName(Registry registry, InstanceInfo self, Duration heartbeat) {
    this.registry = registry;
    this.self = self;
    this.heartbeat = heartbeat;
  }

  /**
   * Waits until no other instance has the name. A predecessor of the same name may have been
   * killed; then its lease ends. If its lease is renewed, it lives. Of two instances that start at
   * once, both may be refused.
   *
   * @param joined when this instance sent its registration
   * @param register registers it again
   * @return when it sent the last registration
   * @throws NotReadyException if another live instance has the name
   */
  LocalLease insist(LocalLease joined, Runnable register) {
    LocalLease sent = joined;
    Instant first = registry.taken(self);
    if (first != null) {
      logger.info(
          "another instance is named \"{}\", too; waiting until {} for a sign that it lives",
          self.name(),
          first);
    }
    for (Instant until = first; until != null; until = registry.taken(self)) {
      if (until.isAfter(first)) {
        registry.leave(self);
        throw new NotReadyException(
            ErrorCode.INSTANCE_NAME_TAKEN,
            "another live instance is named \"%s\", too; give each instance a name of its own (migrator.instance-id), or none"
                .formatted(self.name()));
      }
      registry.leave(self);
      pause();
      sent = LocalLease.now();
      register.run();
    }
    return sent;
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(heartbeat.toMillis());
    } catch (InterruptedException ex) {
      Thread.currentThread().interrupt();
      throw new NotReadyException(
          ErrorCode.START_INTERRUPTED, "interrupted while waiting for the name of this instance");
    }
  }
}
