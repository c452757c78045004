package dev.migrator.check;

import dev.migrator.internal.json.Json;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** SARIF 2.1.0. */
final class SarifFormat {

  private SarifFormat() {}

  static String write(CheckReport report) {
    List<Map<String, Object>> rules =
        Arrays.stream(Rule.values())
            .<Map<String, Object>>map(
                it -> Map.of("id", it.id(), "shortDescription", Map.of("text", it.title())))
            .toList();
    List<Map<String, Object>> notes =
        report.notes().stream()
            .<Map<String, Object>>map(it -> Map.of("level", "note", "message", Map.of("text", it)))
            .toList();
    Map<String, Object> run =
        Map.of(
            "tool",
            Map.of("driver", Map.of("name", "migrator", "rules", rules)),
            "columnKind",
            "utf16CodeUnits",
            "invocations",
            List.of(Map.of("executionSuccessful", true, "toolExecutionNotifications", notes)),
            "results",
            report.findings().stream().map(SarifFormat::result).toList());
    return Json.write(
        Map.of(
            "$schema",
            "https://json.schemastore.org/sarif-2.1.0.json",
            "version",
            "2.1.0",
            "runs",
            List.of(run)));
  }

  private static Map<String, Object> result(Finding it) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("ruleId", it.rule().id());
    result.put("ruleIndex", it.rule().ordinal());
    result.put("level", it.level() == Level.ERROR ? "error" : "warning");
    result.put("message", Map.of("text", TextFormat.all(it)));
    Map<String, Object> region = Map.of("startLine", it.line(), "startColumn", it.column());
    result.put(
        "locations",
        List.of(
            Map.of(
                "physicalLocation",
                Map.of("artifactLocation", Map.of("uri", uri(it.file())), "region", region))));
    List<Map<String, Object>> suppressions = new ArrayList<>();
    if (it.allowed() != null) {
      suppressions.add(Map.of("kind", "inSource", "justification", it.allowed()));
    }
    result.put("suppressions", suppressions);
    return result;
  }

  /** A reference may have neither a space nor a letter beyond ASCII. */
  private static String uri(String path) {
    String prefix = path.startsWith("/") ? "" : "/";
    try {
      String uri = new URI("file", null, prefix + path, null).toASCIIString();
      return uri.substring("file:".length() + prefix.length());
    } catch (URISyntaxException ex) {
      return path;
    }
  }
}
