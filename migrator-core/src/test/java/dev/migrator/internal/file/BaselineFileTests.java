package dev.migrator.internal.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Phase;
import dev.migrator.operation.SqlFile.Contained;
import dev.migrator.settings.Adopt;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a file says that stands for others. */
class BaselineFileTests {

  private static final String PATH = "20260201_baseline.sql";

  private static SqlFiles.Parsed parsed(String... texts) {
    List<SourceFile> files =
        Stream.of(texts)
            .map(it -> new SourceFile(PATH, it.getBytes(StandardCharsets.UTF_8)))
            .limit(1)
            .toList();
    return SqlFiles.read(files, Map.of(), Adopt.NONE);
  }

  private static String problem(String header) {
    return String.join("\n", parsed(header + "\nCREATE TABLE t (id int)").problems());
  }

  private static String checksum(String text) {
    return parsed(text).migrations().get(0).file().checksum();
  }

  @Test
  void itNamesMigrationsAndTheirLastPhases() {
    assertThat(
            parsed(
                    "-- migrator: contains a-b EXPAND\n-- migrator: contains 20260101_c CONTRACT\nSELECT 1")
                .migrations()
                .get(0)
                .file()
                .contains())
        .containsExactly(
            new Contained("a-b", Phase.EXPAND), new Contained("20260101_c", Phase.CONTRACT));
  }

  @Test
  void whatItContainsIsAPartOfWhatItMeans() {
    String none = checksum("SELECT 1");
    String one = checksum("-- migrator: contains a EXPAND\nSELECT 1");
    assertThat(one).isNotEqualTo(none);
    assertThat(checksum("-- migrator: contains a CONTRACT\nSELECT 1")).isNotEqualTo(one);
    String two =
        checksum("-- migrator: contains a EXPAND\n-- migrator: contains b EXPAND\nSELECT 1");
    assertThat(two).isNotEqualTo(one);
    assertThat(
            checksum(
                "-- migrator: contains b EXPAND\n-- a comment\n-- migrator: contains a EXPAND\nSELECT  1"))
        .isEqualTo(two);
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThat(problem("-- migrator: contains a SOON")).contains("line 1", "SOON", "EXPAND");
    assertThat(problem("-- migrator: contains a")).contains("is unknown", "contains ID PHASE");
    assertThat(problem("-- migrator: contains a EXPAND\n-- migrator: contains a EXPAND"))
        .contains("line 2", "twice");
    assertThat(problem("-- migrator: contains 20260201_baseline EXPAND")).contains("itself");
    assertThat(problem("-- migrator: contains a EXPAND\n-- migrator: contract"))
        .contains("neither wait nor take anything away");
    assertThat(problem("-- migrator: contains a EXPAND\n-- migrator: after b"))
        .contains("neither wait nor take anything away");
    assertThat(problem("-- migrator: contains a EXPAND\n-- migrator: no-transaction"))
        .contains("in one transaction");
    assertThat(problem("-- migrator: contains a EXPAND\nCREATE INDEX CONCURRENTLY i ON t (id);"))
        .contains("in one transaction");
  }

  @Test
  void itIsNotUndone() {
    SqlFiles.Parsed parsed =
        SqlFiles.read(
            List.of(
                new SourceFile(
                    PATH,
                    "-- migrator: contains a EXPAND\nSELECT 1".getBytes(StandardCharsets.UTF_8)),
                new SourceFile(
                    "20260201_baseline.down.sql", "SELECT 2".getBytes(StandardCharsets.UTF_8))),
            Map.of(),
            Adopt.NONE);
    assertThat(parsed.problems()).singleElement().asString().contains("remove the .down.sql");
    assertThat(
            FileFindings.isWithoutDown(
                parsed("-- migrator: contains a EXPAND\nSELECT 1").migrations().get(0).file()))
        .isFalse();
  }
}
