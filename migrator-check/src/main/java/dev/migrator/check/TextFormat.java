package dev.migrator.check;

import dev.migrator.check.Finding.Blocked;
import dev.migrator.plan.TableVolume;
import dev.migrator.plan.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** For people. */
final class TextFormat {

  private TextFormat() {}

  static String write(CheckReport report) {
    List<String> lines = new ArrayList<>();
    report.findings().stream()
        .filter(it -> it.allowed() == null)
        .forEach(it -> lines.addAll(lines(it)));
    report.notes().forEach(it -> lines.add("note: " + it));
    long allowed = report.findings().stream().filter(it -> it.allowed() != null).count();
    lines.add(
        "%d files, %d statements, %s: %d errors, %d warnings, %d allowed"
            .formatted(
                report.files(),
                report.statements(),
                report.server() == null ? "only read" : "tried on " + report.server(),
                report.failures().size(),
                report.warnings().size(),
                allowed));
    return String.join("\n", lines);
  }

  private static List<String> lines(Finding it) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s:%d:%d: %s [%s] %s%s"
            .formatted(
                it.file(),
                it.line(),
                it.column(),
                it.level() == Level.ERROR ? "error" : "warning",
                it.rule().id(),
                it.place(),
                it.message()));
    details(it).forEach(detail -> lines.add("    " + detail));
    return lines;
  }

  /** What else there is to say. */
  static List<String> details(Finding it) {
    List<String> details = new ArrayList<>();
    if (it.lock() != null && it.table() != null) {
      details.add(
          "lock: %s on %s (%s)%s"
              .formatted(
                  it.lock().sql(),
                  it.table(),
                  it.measured() ? "measured" : "not measured",
                  it.work() == Work.NOTHING || it.work() == Work.UNKNOWN
                      ? ""
                      : ", work: " + it.work().text()));
    }
    if (!it.breaks().isEmpty()) {
      details.add("breaks: " + it.breaks());
    }
    if (it.volume() != null) {
      details.add("size: " + volume(it.volume(), String.valueOf(it.table())));
    }
    it.safe().forEach(line -> details.add("safe: " + line));
    return details;
  }

  private static String volume(Blocked it, String table) {
    String size = new TableVolume(table, it.rows(), it.bytes()).toString();
    return (it.seconds() == 0)
        ? size
        : String.format(Locale.ROOT, "%s: about %.1f s, by default rates", size, it.seconds());
  }

  /** All in one text. */
  static String all(Finding it) {
    List<String> lines = new ArrayList<>();
    lines.add(it.place() + it.message());
    lines.addAll(details(it));
    return String.join("\n", lines);
  }
}
