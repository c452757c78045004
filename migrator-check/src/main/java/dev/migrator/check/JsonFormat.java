package dev.migrator.check;

import dev.migrator.internal.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/** For programs. */
final class JsonFormat {

  private JsonFormat() {}

  static String write(CheckReport report) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("safe", report.isSafe());
    all.put("files", report.files());
    all.put("statements", report.statements());
    if (report.server() != null) {
      all.put("server", report.server());
    }
    all.put("notes", report.notes());
    all.put("findings", report.findings().stream().map(JsonFormat::finding).toList());
    return Json.write(all);
  }

  private static Map<String, Object> finding(Finding it) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("rule", it.rule().id());
    all.put("level", it.level());
    all.put("file", it.file());
    all.put("line", it.line());
    all.put("column", it.column());
    if (it.changeSet() != null) {
      all.put("changeSet", it.changeSet());
    }
    all.put("statement", it.statement());
    all.put("measured", it.measured());
    all.put("work", it.work());
    all.put("message", it.message());
    all.put("breaks", it.breaks());
    all.put("safe", it.safe());
    if (it.table() != null) {
      all.put("table", it.table());
    }
    if (it.lock() != null) {
      all.put("lock", it.lock());
    }
    if (it.volume() != null) {
      all.put("production", it.volume());
    }
    if (it.allowed() != null) {
      all.put("allowed", it.allowed());
    }
    return all;
  }
}
