package dev.migrator.internal.fleet;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How long the process of this instance has run. */
public final class JvmUptime {

  private JvmUptime() {}

  /** By the process: the management bean of the JVM brings forty classes with it. */
  public static Duration get() {
    return of(ProcessHandle.current().info().startInstant().orElse(null), Instant.now());
  }

  /**
   * Not every container tells when its processes have started, or by the clock at hand. Without it
   * the sessions that this instance has opened would be taken for those of others.
   */
  static Duration of(@Nullable Instant start, Instant now) {
    return (start == null || start.isAfter(now))
        ? Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime())
        : Duration.between(start, now);
  }
}
