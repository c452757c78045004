package dev.migrator.test.rehearsal;

import java.time.Duration;
import java.util.Locale;

/** A report for the console. */
final class TextReport {

  private TextReport() {}

  static String of(RehearsalReport report) {
    StringBuilder text = new StringBuilder();
    line(
        text,
        "rehearsal of %s on PostgreSQL %s: %s",
        report.migration(),
        report.server(),
        time(report.duration()));
    report.rows().forEach(it -> line(text, "  rows of %s", it));
    report.warnings().forEach(it -> line(text, "  warning: %s", it));
    report.phases().forEach(it -> phase(text, it));
    report.clients().forEach(it -> line(text, "clients during %s", of(it)));
    report
        .findings()
        .forEach(
            it ->
                line(
                    text,
                    "%s after %s: %s%n    %s",
                    it.kind() == UseFinding.Kind.FAILS ? "FAILS" : "fails once without the starter",
                    it.stage(),
                    it.statement(),
                    it.message()));
    report.undone().forEach(it -> line(text, "undo from %s: %s", it.stage(), outcome(it)));
    KillResult killed = report.killed();
    if (killed != null) {
      line(text, "killed in %s: %s", String.join(", ", killed.killedIn()), outcome(killed));
    }
    return text.toString();
  }

  /** What clients saw in one phase. */
  static String of(ClientReport seen) {
    String errors = seen.errors().isEmpty() ? "" : "; fails: " + String.join("; ", seen.errors());
    return "%s: %s statements, the slowest took %s: %s%s"
        .formatted(
            seen.stage(),
            count(seen.executions()),
            time(seen.longest()),
            oneLine(seen.slowest()),
            errors);
  }

  static String outcome(UndoResult result) {
    if (result.problem() != null) {
      return result.problem();
    }
    return result.isClean() ? "the catalog is as it was" : String.join("; ", result.differences());
  }

  static String outcome(KillResult result) {
    if (result.problem() != null) {
      return result.problem();
    }
    return result.differences().isEmpty()
        ? "another instance went on, to the same catalog and the same rows"
        : String.join("; ", result.differences());
  }

  private static void phase(StringBuilder text, PhaseReport phase) {
    line(
        text,
        "%n%s: %s, %s of WAL, longest block %s",
        phase.name(),
        time(phase.duration()),
        bytes(phase.walBytes()),
        phase
            .longestBlock()
            .map(it -> "%s (%s, %s)".formatted(time(it.longest()), it, it.blocked().text()))
            .orElse("none"));
    phase
        .growth()
        .forEach(
            it ->
                line(
                    text,
                    "  %s: %s → %s (%+d %%)",
                    it.table(),
                    bytes(it.before()),
                    bytes(it.after()),
                    it.percent()));
    for (StepReport step : phase.steps()) {
      line(text, "  %s", step.name());
      step.statements().forEach(it -> statement(text, it));
    }
  }

  private static void statement(StringBuilder text, StatementReport it) {
    line(text, "    %s", oneLine(it.sql()));
    line(text, "      %s", measure(it));
    it.locks().forEach(lock -> line(text, "      %s", lock(lock)));
    if (!work(it).isEmpty()) {
      line(text, "      %s", work(it));
    }
  }

  static String measure(StatementReport it) {
    String time =
        (it.executions() == 1)
            ? time(it.total())
            : "%s times, %s, at most %s"
                .formatted(count(it.executions()), time(it.total()), time(it.longest()));
    String failed =
        (it.failures() == 0) ? "" : ", %s did not succeed".formatted(count(it.failures()));
    return time + failed + ", " + bytes(it.walBytes()) + " of WAL";
  }

  static String lock(MeasuredLock lock) {
    String held =
        (lock.times() == 1)
            ? "held for " + time(lock.longest())
            : "%s times, held for at most %s".formatted(count(lock.times()), time(lock.longest()));
    return "%s, %s: blocks %s".formatted(lock, held, lock.blocked().text());
  }

  /** What it did to whole tables; empty if nothing. */
  static String work(StatementReport it) {
    StringBuilder work = new StringBuilder();
    if (!it.rewritten().isEmpty()) {
      work.append("writes anew ").append(String.join(", ", it.rewritten())).append("; ");
    }
    if (!it.built().isEmpty()) {
      work.append("builds ").append(String.join(", ", it.built())).append("; ");
    }
    if (!it.scanned().isEmpty()) {
      work.append("reads all rows of ").append(String.join(", ", it.scanned())).append("; ");
    }
    return work.length() == 0 ? "" : work.substring(0, work.length() - 2);
  }

  /** The same wherever it is read. */
  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  static String time(Duration time) {
    double millis = time.toNanos() / 1e6;
    if (millis < 10) {
      return String.format(Locale.ROOT, "%.1f ms", millis);
    }
    return (millis < 10_000)
        ? String.format(Locale.ROOT, "%,.0f ms", millis)
        : String.format(Locale.ROOT, "%.1f s", millis / 1000);
  }

  static String bytes(long bytes) {
    if (bytes < 10 * 1024) {
      return String.format(Locale.ROOT, "%,d bytes", bytes);
    }
    return (bytes < 10L * 1024 * 1024)
        ? String.format(Locale.ROOT, "%,d kB", bytes / 1024)
        : String.format(Locale.ROOT, "%,d MB", bytes / 1024 / 1024);
  }

  static String oneLine(String sql) {
    return sql.replaceAll("\\s+", " ").strip();
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
