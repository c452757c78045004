package dev.migrator.check;

import java.util.stream.Collectors;

/** Commands of a workflow, which GitHub shows beside the lines they are about. */
final class GitHubFormat {

  private GitHubFormat() {}

  static String write(CheckReport report) {
    String findings =
        report.findings().stream()
            .filter(it -> it.allowed() == null)
            .map(GitHubFormat::line)
            .collect(Collectors.joining("\n"));
    String notes =
        report.notes().stream()
            .map(it -> "::notice title=migrator check::" + message(it))
            .collect(Collectors.joining("\n"));
    return (findings + "\n" + notes).strip();
  }

  private static String line(Finding it) {
    return "::%s file=%s,line=%d,col=%d,title=%s::%s"
        .formatted(
            it.level() == Level.ERROR ? "error" : "warning",
            property(it.file()),
            it.line(),
            it.column(),
            property(it.rule().id()),
            message(TextFormat.all(it)));
  }

  private static String message(String text) {
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }

  private static String property(String text) {
    return message(text).replace(":", "%3A").replace(",", "%2C");
  }
}
