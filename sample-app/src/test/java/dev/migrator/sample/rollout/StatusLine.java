package dev.migrator.sample.rollout;

import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Everything at a glance, in one line of at most 110 characters. */
record StatusLine(Rotation rotation, Watch watch, Meter meter, Faults faults)
    implements Supplier<String> {

  private static final int BAR = 16;

  @Override
  public String get() {
    return "releases %-5s  %-11s %s  %,d requests  %d failed  %d stale  p99 %d ms"
        .formatted(
            releases(),
            watch.phase().isEmpty() ? "-" : watch.phase(),
            bar(watch.backfill()),
            meter.requests(),
            faults.count(Faults.Kind.FAILURE),
            faults.count(Faults.Kind.STALE),
            meter.p99Of(Duration.ofSeconds(5)).toMillis());
  }

  private String releases() {
    return rotation.serving().stream()
        .map(instance -> String.valueOf(instance.release()))
        .collect(Collectors.joining(" "));
  }

  private static String bar(JsonNode backfill) {
    double percent = backfill.path("percent").asDouble(0);
    int full = (int) (BAR * percent / 100);
    return "[%s%s] %3.0f %% %,6.0f/s"
        .formatted(
            "#".repeat(full),
            ".".repeat(BAR - full),
            percent,
            backfill.path("rowsPerSecond").asDouble(0));
  }
}
