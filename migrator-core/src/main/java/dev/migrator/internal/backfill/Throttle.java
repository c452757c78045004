package dev.migrator.internal.backfill;

import dev.migrator.settings.BackfillSettings;
import dev.migrator.settings.ThrottleSettings;
import dev.migrator.settings.TimeWindow;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Decides whether workers work now. No input, no output. */
final class Throttle {

  private Throttle() {}

  /** Why all workers of the fleet wait; {@code null} if they do not. */
  static @Nullable String ofServer(BackfillSettings settings, Readings readings) {
    ThrottleSettings most = settings.throttle();
    String outside = outside(settings.windows(), readings.now(), settings);
    if (outside != null) {
      return outside;
    }
    double lag = most.replicationLag().toMillis() / 1000.0;
    if (exceeds(readings.replicationLagSeconds(), lag)) {
      return "a standby is %.1f s behind, more than %.1f s (replication-lag)"
          .formatted(readings.replicationLagSeconds(), lag);
    }
    if (exceeds(readings.replicationLagBytes(), most.replicationLagSize())) {
      return "a standby is %s behind, more than %s (replication-lag-size)"
          .formatted(size(readings.replicationLagBytes()), size(most.replicationLagSize()));
    }
    if (exceeds(readings.slotLagBytes(), most.slotLag())) {
      return "a replication slot keeps %s of the log back, more than %s (slot-lag)"
          .formatted(size(readings.slotLagBytes()), size(most.slotLag()));
    }
    if (exceeds(readings.walBytesPerSecond(), most.walRate())) {
      return "the server writes %s of the log in a second, more than %s (wal-rate)"
          .formatted(size(readings.walBytesPerSecond()), size(most.walRate()));
    }
    if (exceeds(readings.waitingSessions(), most.waitingSessions())) {
      return "%d sessions wait for locks of the backfill, more than %d (waiting-sessions)"
          .formatted(readings.waitingSessions(), most.waitingSessions());
    }
    return null;
  }

  /** Why the workers of this instance wait; {@code null} if they do not. */
  static @Nullable String ofInstance(ThrottleSettings most, int poolWaiting) {
    return exceeds(poolWaiting, most.poolWaiting())
        ? "%d threads wait for a connection of the pool, more than %d (pool-waiting)"
            .formatted(poolWaiting, most.poolWaiting())
        : null;
  }

  /** Why a worker rests; {@code null} if it does not. */
  static @Nullable String ofLatency(ThrottleSettings most, double timesAsLong) {
    return exceeds(timesAsLong, most.latencyFactor())
        ? "a row takes %.1f times as long as usual, more than %.1f (latency-factor)"
            .formatted(timesAsLong, most.latencyFactor())
        : null;
  }

  /**
   * How long to rest after a range, so that a worker works for that share of the time, in percent.
   */
  static long restNanos(long workedNanos, int speed) {
    return workedNanos * (100 - speed) / speed;
  }

  private static @Nullable String outside(
      List<TimeWindow> windows, Instant now, BackfillSettings settings) {
    LocalTime time = LocalTime.ofInstant(now, settings.zone());
    if (windows.isEmpty() || windows.stream().anyMatch(it -> it.contains(time))) {
      return null;
    }
    return "outside of the hours %s %s (windows)"
        .formatted(
            windows.stream().map(TimeWindow::toString).collect(Collectors.joining(", ")),
            settings.zone());
  }

  private static boolean exceeds(double reading, double most) {
    return most > 0 && reading > most;
  }

  private static String size(double bytes) {
    return (bytes >= 1 << 20)
        ? Math.round(bytes / (1 << 20)) + " MB"
        : Math.round(bytes / 1024) + " kB";
  }

  /**
   * What the server says at a moment; zero for what it does not say.
   *
   * @param now that moment
   * @param replicationLagSeconds how far behind in time the worst standby is
   * @param replicationLagBytes how far behind in bytes of the log
   * @param slotLagBytes what the worst replication slot keeps back
   * @param walBytesPerSecond what was written since the reading before
   * @param waitingSessions how many sessions wait for a lock of a backfill
   */
  record Readings(
      Instant now,
      double replicationLagSeconds,
      double replicationLagBytes,
      double slotLagBytes,
      double walBytesPerSecond,
      int waitingSessions) {}
}
