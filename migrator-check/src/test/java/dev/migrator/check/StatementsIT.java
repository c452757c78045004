package dev.migrator.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.check.CheckedStatement.TouchedTable;
import dev.migrator.plan.LockMode;
import dev.migrator.plan.Work;
import dev.migrator.test.TestPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * For many forms of statements: lock and work are those that are known of the server, the rules are
 * right, and what the text alone claims is what the server does.
 */
@Tag("server-version")
class StatementsIT {

  private static final Map<String, LockMode> MODES =
      Map.of(
          "SUE", LockMode.SHARE_UPDATE_EXCLUSIVE,
          "S", LockMode.SHARE,
          "SRE", LockMode.SHARE_ROW_EXCLUSIVE,
          "E", LockMode.EXCLUSIVE,
          "AE", LockMode.ACCESS_EXCLUSIVE);

  private static final String SCHEMA = text("schema.sql");

  private static final int SERVER = version();

  /** Two tests look at each. */
  private static final Map<Form, CheckReport> TRIED = new HashMap<>();

  @TempDir private Path folder;

  record Form(
      String what, List<String> before, String sql, List<TouchedTable> touched, Set<String> rules) {

    @Override
    public String toString() {
      return what + ": " + sql;
    }
  }

  private static String text(String name) {
    try (InputStream in = StatementsIT.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException ex) {
      throw new IllegalStateException(ex);
    }
  }

  private static int version() {
    try (var connection = TestPostgres.server().dataSource("postgres").getConnection()) {
      return connection.getMetaData().getDatabaseMajorVersion();
    } catch (java.sql.SQLException ex) {
      throw new IllegalStateException(ex);
    }
  }

  static List<Form> forms() {
    List<Form> forms = new ArrayList<>();
    List<String> before = new ArrayList<>();
    for (String line : text("statements.txt").split("\n")) {
      if (line.startsWith(">")) {
        before.add(line.substring(1).strip());
      } else if (!line.isBlank() && !line.startsWith("#")) {
        String[] parts = line.split("(?<= )[|](?= |$)", -1);
        assertThat(parts).as(line).hasSize(5);
        if (isFor(parts[1].strip())) {
          forms.add(
              new Form(
                  parts[0].strip(),
                  List.copyOf(before),
                  parts[2].strip(),
                  touched(parts[3].strip()),
                  Set.of(parts[4].isBlank() ? new String[0] : parts[4].strip().split(","))));
        }
        before.clear();
      }
    }
    return forms;
  }

  private static boolean isFor(String versions) {
    if (versions.isEmpty()) {
      return true;
    }
    int version = Integer.parseInt(versions.replace("-", ""));
    return versions.startsWith("-") ? SERVER <= version : SERVER >= version;
  }

  private static List<TouchedTable> touched(String text) {
    if (text.isEmpty()) {
      return List.of();
    }
    return Arrays.stream(text.split(", "))
        .map(it -> it.split(" "))
        .map(
            it ->
                new TouchedTable(
                    "public." + it[0],
                    MODES.get(it[1]),
                    it[2].equals("-")
                        ? Work.NOTHING
                        : Work.valueOf(it[2].toUpperCase(Locale.ROOT))))
        .toList();
  }

  private SqlCheck check(Form form) throws IOException {
    Path schema = Files.writeString(folder.resolve("schema.sql"), SCHEMA);
    String earlier = form.before().stream().map(it -> it + ";\n").collect(Collectors.joining());
    Path before = Files.writeString(folder.resolve("before.sql"), earlier);
    Path file = Files.writeString(folder.resolve("case.sql"), form.sql());
    return SqlCheck.files(schema, before, file).from("case.sql").version(SERVER);
  }

  private CheckReport tried(Form form) throws IOException {
    CheckReport report = TRIED.get(form);
    if (report == null) {
      report = check(form).run();
      TRIED.put(form, report);
    }
    return report;
  }

  @ParameterizedTest
  @MethodSource("forms")
  void theServerDoesWhatIsKnownAndTheRulesSaySo(Form form) throws IOException {
    CheckReport report = tried(form);
    assertThat(report.notes()).isEmpty();
    assertThat(report.looked()).hasSize(1);
    assertThat(tables(report))
        .as("%s", report.looked())
        .containsExactlyInAnyOrderElementsOf(form.touched());
    assertThat(rules(report)).as(report.toText()).isEqualTo(new TreeSet<>(form.rules()));
    assertThat(report.findings()).allSatisfy(it -> assertThat(it.line()).isEqualTo(1));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void theTextClaimsWhatTheServerDoes(Form form) throws IOException {
    CheckReport report = check(form).reading().run();
    CheckedStatement read = report.looked().get(0);
    boolean fails = form.rules().contains("will-fail") || form.rules().contains("unreadable");
    if (fails) {
      return;
    }
    Map<String, TouchedTable> known =
        form.touched().stream().collect(Collectors.toMap(TouchedTable::table, it -> it));
    List<TouchedTable> claimed = read.tables();
    for (TouchedTable it : claimed) {
      TouchedTable there = known.get(it.table());
      if (it.work() == Work.UNKNOWN || isUnsure(report)) {
        assertThat(there == null || there.lock() == it.lock()).as("%s: %s", form, it).isTrue();
      } else {
        assertThat(there).as("%s", form).isEqualTo(it);
      }
    }
    if (!isUnsure(report)) {
      assertThat(claimed).as("%s", form).containsExactlyInAnyOrderElementsOf(form.touched());
    }
  }

  /** What is said to be safe runs on this version, and is. */
  @ParameterizedTest
  @MethodSource("forms")
  void theSafeStatementsAre(Form form) throws IOException {
    CheckReport report = tried(form);
    List<String> safe =
        report.findings().stream()
            .map(it -> it.safe().stream().filter(line -> line.endsWith(";")).toList())
            .filter(it -> it.stream().noneMatch(line -> line.contains("…")))
            .flatMap(List::stream)
            .distinct()
            .toList();
    // Of K5, only the catalog knows the name of the constraint that is to be validated.
    if (safe.isEmpty() || form.what().startsWith("K5")) {
      return;
    }
    String file = "-- migrator: no-transaction\n" + String.join("\n", safe);
    CheckReport after =
        check(new Form(form.what(), form.before(), file, List.of(), Set.of())).run();
    assertThat(after.findings())
        .as("%s%n%s", file, after.toText())
        .extracting(Finding::rule)
        .doesNotContain(
            Rule.TABLE_REWRITE,
            Rule.SCAN_UNDER_EXCLUSIVE,
            Rule.INDEX_BUILD_BLOCKING,
            Rule.WRITE_BLOCK,
            Rule.CONCURRENT_MISUSE,
            Rule.WILL_FAIL,
            Rule.UNREADABLE);
  }

  private static boolean isUnsure(CheckReport report) {
    return report.looked().get(0).unsure() != null;
  }

  private static List<TouchedTable> tables(CheckReport report) {
    return report.looked().get(0).tables();
  }

  private static Set<String> rules(CheckReport report) {
    return report.findings().stream()
        .map(it -> it.rule().id())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What the text cannot tell is not much, and is said to be so. */
  @Test
  void mostFormsAreToldByTheTextAlone() throws IOException {
    List<Form> forms = forms();
    assertThat(forms).hasSizeGreaterThanOrEqualTo(150);
    int unsure = 0;
    for (Form it : forms) {
      unsure += isUnsure(check(it).reading().run()) ? 1 : 0;
    }
    assertThat(unsure).isLessThan(forms.size() / 3);
  }
}
