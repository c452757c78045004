package dev.migrator.sample.rollout;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;

/** The table at the end. */
final class Report {

  private final PrintStream out;

  Report(PrintStream out) {
    this.out = out;
  }

  void print(Meter meter, UsersApi api, Faults faults, Watch watch, Audit.Result audit) {
    out.println();
    row("requests", "%,d".formatted(meter.requests()));
    row("failures", "%,d".formatted(faults.count(Faults.Kind.FAILURE)));
    row("cut off by kill", "%,d".formatted(api.cutOff()));
    row("stale values", "%,d".formatted(faults.count(Faults.Kind.STALE)));
    row("lost values", lost(faults, audit));
    row("longest request", meter.longest().toMillis() + " ms");
    row("p99", meter.p99().toMillis() + " ms");
    PhaseTimes.of(watch.reached(), watch.last(), Instant.now())
        .forEach((phase, time) -> row("in " + phase, seconds(time)));
    row("rows verified", "%,d".formatted(watch.backfill().path("rowsVerified").asLong(0)));
    row("differences", watch.backfill().path("differences").asString("unknown"));
    row("left behind", remains(audit));
    out.println();
  }

  private static String lost(Faults faults, Audit.Result audit) {
    return audit.done()
        ? "%,d of %,d users".formatted(faults.count(Faults.Kind.LOST), audit.users())
        : "not compared, because the deploy was aborted";
  }

  private static String remains(Audit.Result audit) {
    if (!audit.done()) {
      return "not checked";
    }
    return audit.remains().isEmpty() ? "nothing" : String.join(", ", audit.remains());
  }

  private static String seconds(Duration duration) {
    return "%.2f s".formatted(duration.toMillis() / 1000.0);
  }

  private void row(String name, String value) {
    out.println("  %-16s  %s".formatted(name, value));
  }
}
