package dev.migrator.internal.fleet;

import java.time.Duration;
import java.time.Instant;

/** How long the process of this instance has run. */
public final class JvmUptime {

  private JvmUptime() {}

  /** By the process: the management bean of the JVM brings forty classes with it. */
  public static Duration get() {
    Instant now = Instant.now();
    Instant start = ProcessHandle.current().info().startInstant().orElse(now);
    // The clock may have been set back since.
    return start.isAfter(now) ? Duration.ZERO : Duration.between(start, now);
  }
}
