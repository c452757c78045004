package dev.migrator.test.rehearsal;

import dev.migrator.test.rehearsal.MeasuredLock.Blocked;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A report as one page that needs nothing else. */
final class HtmlReport {

  private static final Map<Blocked, String> COLOURS =
      Map.of(
          Blocked.EVERYBODY, "everybody",
          Blocked.WRITES, "writes",
          Blocked.WRITES_OF_SAME_ROWS, "rows",
          Blocked.NOBODY, "nobody");

  private final RehearsalReport report;

  private final StringBuilder html = new StringBuilder();

  private HtmlReport(RehearsalReport report) {
    this.report = report;
  }

  static String of(RehearsalReport report) {
    HtmlReport page = new HtmlReport(report);
    page.write();
    return page.html.toString();
  }

  private void write() {
    add(
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Rehearsal of %s</title>
        <style>
        %s</style>
        </head>
        <body>
        <main>
        <h1>Rehearsal of <code>%s</code></h1>
        """
            .formatted(escape(report.migration()), HtmlStyle.CSS, escape(report.migration())));
    figures();
    report.warnings().forEach(it -> add("<p class=\"note\">%s</p>\n".formatted(escape(it))));
    findings();
    timeline();
    add(
        """
        <p class="legend"><span class="key everybody"></span>blocks reads and writes
        <span class="key writes"></span>blocks writes
        <span class="key rows"></span>blocks writes of the same rows
        <span class="key nobody"></span>blocks nobody</p>
        """);
    clients();
    report.phases().forEach(this::phase);
    afterwards();
    add("</main>\n</body>\n</html>\n");
  }

  private void figures() {
    add("<dl class=\"figures\">\n");
    figure("PostgreSQL", report.server());
    figure("all phases", TextReport.time(report.duration()));
    figure(
        "longest block",
        report
            .longestBlock()
            .map(it -> "%s, %s".formatted(TextReport.time(it.longest()), it.blocked().text()))
            .orElse("none"));
    figure(
        "WAL", TextReport.bytes(report.phases().stream().mapToLong(PhaseReport::walBytes).sum()));
    report.rows().forEach(it -> figure("rows", it));
    add("</dl>\n");
  }

  private void figure(String name, String value) {
    add("<div><dt>%s</dt><dd>%s</dd></div>\n".formatted(escape(name), escape(value)));
  }

  private void findings() {
    if (report.findings().isEmpty()) {
      return;
    }
    add("<h2>Statements of the application</h2>\n<ul class=\"findings\">\n");
    for (UseFinding it : report.findings()) {
      boolean fails = it.kind() == UseFinding.Kind.FAILS;
      add(
          "<li class=\"%s\"><b>%s after %s</b> <code>%s</code><br>%s</li>\n"
              .formatted(
                  fails ? "fails" : "once",
                  fails ? "fails" : "fails once without the starter,",
                  escape(it.stage()),
                  escape(it.statement()),
                  escape(it.message())));
    }
    add("</ul>\n");
  }

  private void clients() {
    if (!report.clients().isEmpty()) {
      add("<h2>Clients meanwhile</h2>\n<ul class=\"findings\">\n");
      report.clients().forEach(it -> outcome(it.errors().isEmpty(), "during", TextReport.of(it)));
      add("</ul>\n");
    }
  }

  /** A phase is as wide as it took, but for those that nobody would see. */
  private void timeline() {
    add("<h2>Phases</h2>\n<div class=\"timeline\">\n");
    for (int i = 0; i < report.phases().size(); i++) {
      PhaseReport it = report.phases().get(i);
      add(
          "<a href=\"#phase-%d\" style=\"flex-grow:%d\" class=\"%s\"><b>%s</b> %s</a>\n"
              .formatted(
                  i,
                  Math.max(1, it.duration().toMillis()),
                  it.longestBlock().map(lock -> COLOURS.get(lock.blocked())).orElse("nobody"),
                  escape(it.name()),
                  TextReport.time(it.duration())));
    }
    add("</div>\n");
  }

  private void phase(PhaseReport phase) {
    add(
        "<section id=\"phase-%d\">\n<h2>%s</h2>\n<p class=\"sums\">%s · %s of WAL · longest block %s</p>\n"
            .formatted(
                report.phases().indexOf(phase),
                escape(phase.name()),
                TextReport.time(phase.duration()),
                TextReport.bytes(phase.walBytes()),
                escape(
                    phase
                        .longestBlock()
                        .map(it -> "%s, by %s".formatted(TextReport.time(it.longest()), it))
                        .orElse("none"))));
    bars(phase);
    growth(phase.growth());
    phase.steps().forEach(this::step);
    add("</section>\n");
  }

  private void afterwards() {
    if (!report.undone().isEmpty()) {
      add("<h2>Undo</h2>\n<ul class=\"findings\">\n");
      report
          .undone()
          .forEach(it -> outcome(it.isClean(), "from " + it.stage(), TextReport.outcome(it)));
      add("</ul>\n");
    }
    KillResult killed = report.killed();
    if (killed != null) {
      add("<h2>Kills</h2>\n<ul class=\"findings\">\n");
      outcome(
          killed.problem() == null && killed.differences().isEmpty(),
          "in the middle of " + String.join(", ", killed.killedIn()),
          TextReport.outcome(killed));
      add("</ul>\n");
    }
  }

  private void outcome(boolean well, String what, String text) {
    add(
        "<li class=\"%s\"><b>%s</b> %s</li>\n"
            .formatted(well ? "well" : "fails", escape(what), escape(text)));
  }

  private void bars(PhaseReport phase) {
    List<MeasuredLock> locks = phase.statements().flatMap(it -> it.locks().stream()).toList();
    if (locks.isEmpty()) {
      add("<p class=\"sums\">No lock on a table of the application but that of a query.</p>\n");
      return;
    }
    add("<div class=\"locks\">\n");
    for (MeasuredLock it : locks) {
      add(
          """
          <div class="name">%s <span>%s</span></div><div class="track%s"><div class="bar %s" style="left:%s%%;width:%s%%"></div></div><div class="held">%s</div>
          """
              .formatted(
                  escape(it.mode().sql()),
                  escape(it.table()),
                  it.times() == 1 ? "" : " many",
                  COLOURS.get(it.blocked()),
                  share(it.from(), phase.duration()),
                  share(it.until().minus(it.from()), phase.duration()),
                  it.times() == 1
                      ? TextReport.time(it.longest())
                      : "%s × at most %s"
                          .formatted(TextReport.count(it.times()), TextReport.time(it.longest()))));
    }
    add("</div>\n");
  }

  private static String share(Duration part, Duration whole) {
    double percent = 100.0 * part.toNanos() / Math.max(1, whole.toNanos());
    return String.format(Locale.ROOT, "%.2f", Math.max(0, Math.min(100, percent)));
  }

  private void growth(List<TableGrowth> growth) {
    for (TableGrowth it : growth) {
      add(
          "<p class=\"growth\"><b>%s</b> %s → %s, %+d %%</p>\n"
              .formatted(
                  escape(it.table()),
                  TextReport.bytes(it.before()),
                  TextReport.bytes(it.after()),
                  it.percent()));
    }
  }

  private void step(StepReport step) {
    add("<h3>%s</h3>\n".formatted(escape(step.name())));
    for (StatementReport it : step.statements()) {
      add(
          "<div class=\"statement\"><pre>%s</pre>\n<p>%s</p>\n"
              .formatted(escape(it.sql()), escape(TextReport.measure(it))));
      for (MeasuredLock lock : it.locks()) {
        add(
            "<p><span class=\"key %s\"></span>%s</p>\n"
                .formatted(COLOURS.get(lock.blocked()), escape(TextReport.lock(lock))));
      }
      if (!TextReport.work(it).isEmpty()) {
        add("<p class=\"work\">%s</p>\n".formatted(escape(TextReport.work(it))));
      }
      add("</div>\n");
    }
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  private void add(String text) {
    html.append(text);
  }
}
