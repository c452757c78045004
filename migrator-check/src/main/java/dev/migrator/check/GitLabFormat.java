package dev.migrator.check;

import dev.migrator.internal.json.Json;
import dev.migrator.internal.sql.Digest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A report of Code Quality. */
final class GitLabFormat {

  private static final int FINGERPRINT_BYTES = 16;

  private GitLabFormat() {}

  static String write(CheckReport report) {
    Map<String, Integer> seen = new HashMap<>();
    List<Map<String, Object>> issues =
        report.findings().stream()
            .filter(it -> it.allowed() == null)
            .map(it -> issue(it, seen))
            .toList();
    return Json.write(issues);
  }

  /** The fingerprint stays when lines above change. */
  private static Map<String, Object> issue(Finding it, Map<String, Integer> seen) {
    String what = it.rule().id() + " " + it.file() + " " + it.place() + it.message();
    int again = seen.merge(what, 1, Integer::sum);
    return Map.of(
        "description",
        TextFormat.all(it),
        "check_name",
        it.rule().id(),
        "fingerprint",
        Digest.of(what + " " + again, FINGERPRINT_BYTES),
        "severity",
        it.level() == Level.ERROR ? "major" : "minor",
        "location",
        Map.of("path", it.file(), "lines", Map.of("begin", it.line())));
  }
}
