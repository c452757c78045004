package dev.migrator.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.internal.effect.Change;
import dev.migrator.internal.file.CheckRules;
import dev.migrator.internal.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.type.TypeReference;

/** Reports as people and programs read them; the files are only read. */
class ReportFormatTests {

  private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

  private static final TypeReference<List<Map<String, Object>>> LIST = new TypeReference<>() {};

  @TempDir private Path folder;

  private CheckReport report;

  @BeforeEach
  void check() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("a,b.sql"),
            """
            -- migrator: allow data-loss "a queue" until 2999-12-31
            TRUNCATE orders;
            CREATE INDEX of_customer ON orders (customer_id);
            """);
    report = SqlCheck.files(file).root(folder).reading().run();
  }

  @Test
  void text() {
    assertThat(report.toText())
        .contains(
            "a,b.sql:3:1: error [index-build-blocking] CREATE INDEX: an index of public.orders is built under SHARE")
        .contains("    lock: SHARE on public.orders (not measured), work: builds an index")
        .contains("    breaks: writes of public.orders wait for it")
        .contains("    safe: CREATE INDEX CONCURRENTLY of_customer ON orders (customer_id);")
        .contains("note: the files were only read")
        .endsWith("1 files, 2 statements, only read: 1 errors, 0 warnings, 1 allowed");
  }

  @Test
  void json() {
    Map<String, Object> all = Json.read(ReportFormat.JSON.write(report), MAP);
    assertThat(all).containsEntry("safe", false).containsEntry("statements", 2);
    List<?> findings = (List<?>) all.get("findings");
    assertThat(findings).hasSize(2);
    assertThat(Json.write(findings.get(0))).contains("\"allowed\":\"a queue\"");
    assertThat(Json.write(findings.get(1)))
        .contains("\"rule\":\"index-build-blocking\"", "\"lock\":\"SHARE\"", "\"line\":3");
  }

  @Test
  @SuppressWarnings("unchecked")
  void sarif() {
    Map<String, Object> all = Json.read(ReportFormat.SARIF.write(report), MAP);
    assertThat(all).containsEntry("version", "2.1.0").containsKey("$schema");
    Map<String, Object> run = ((List<Map<String, Object>>) all.get("runs")).get(0);
    List<Map<String, Object>> results = (List<Map<String, Object>>) run.get("results");
    assertThat(results).hasSize(2);
    assertThat(Json.write(results.get(0).get("suppressions")))
        .isEqualTo("[{\"justification\":\"a queue\",\"kind\":\"inSource\"}]");
    Map<String, Object> second = results.get(1);
    assertThat(second)
        .containsEntry("ruleId", "index-build-blocking")
        .containsEntry("level", "error");
    assertThat(Json.write(second.get("locations")))
        .contains("\"uri\":\"a,b.sql\"", "\"startLine\":3", "\"startColumn\":1");
    Map<String, Object> driver =
        (Map<String, Object>) ((Map<String, Object>) run.get("tool")).get("driver");
    List<Map<String, Object>> rules = (List<Map<String, Object>>) driver.get("rules");
    assertThat(rules.get((Integer) second.get("ruleIndex")).get("id"))
        .isEqualTo("index-build-blocking");
  }

  @Test
  void sarifRefersToFilesAsUris() throws IOException {
    Path below = Files.createDirectory(folder.resolve("a b"));
    Path file = Files.writeString(below.resolve("\u00fc%#:.sql"), "TRUNCATE orders");
    CheckReport other = SqlCheck.files(file).root(folder).reading().run();
    assertThat(ReportFormat.SARIF.write(other)).contains("\"uri\":\"a%20b/%C3%BC%25%23:.sql\"");
  }

  @Test
  void github() {
    String text = ReportFormat.GITHUB.write(report);
    assertThat(text.lines()).hasSize(2);
    assertThat(text)
        .startsWith(
            "::error file=a%2Cb.sql,line=3,col=1,title=index-build-blocking::CREATE INDEX: ")
        .contains("%0Asafe: CREATE INDEX CONCURRENTLY")
        .contains("::notice title=migrator check::the files were only read");
  }

  @Test
  void gitlab() {
    List<Map<String, Object>> issues = Json.read(ReportFormat.GITLAB.write(report), LIST);
    assertThat(issues).hasSize(1);
    assertThat(issues.get(0))
        .containsEntry("check_name", "index-build-blocking")
        .containsEntry("severity", "major");
    assertThat(issues.get(0).get("location"))
        .isEqualTo(Map.of("path", "a,b.sql", "lines", Map.of("begin", 3)));
    assertThat(String.valueOf(issues.get(0).get("fingerprint"))).hasSizeGreaterThan(16);
  }

  /** A file can allow what the check finds, and what the engine does. */
  @Test
  void theRulesOfFilesAreThoseOfTheCheck() {
    List<String> known = new ArrayList<>(CheckRules.NAMES);
    known.addAll(Change.Kind.rules());
    known.addAll(List.of("unreadable", "allowance-expired", "allowance-unused"));
    assertThat(Arrays.stream(Rule.values()).map(Rule::id))
        .containsExactlyInAnyOrderElementsOf(known);
  }
}
