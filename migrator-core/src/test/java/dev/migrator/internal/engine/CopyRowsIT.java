package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.AUTO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migrator;
import dev.migrator.internal.sql.Database;
import java.io.StringReader;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;

/** The characters of a COPY come to the server as they are in the file. */
class CopyRowsIT {

  /** A letter, and one that Java keeps as two characters, which begin at odd and even places. */
  private static final String ROW = "ab\uD83D\uDE00\n";

  private final Fixture fixture = new Fixture();

  @TempDir Path folder;

  @AfterEach
  void close() {
    fixture.close();
  }

  private String found() {
    return fixture.value(
        "SELECT string_agg(a || ' ' || n, ', ' ORDER BY a) FROM (SELECT a, count(*) AS n FROM t GROUP BY a) x");
  }

  /** In memory, and in one that is read as it goes; both also when they may take long. */
  @ParameterizedTest
  @CsvSource({"50000, ''", "300000, ''", "50000, long", "300000, long"})
  void noCharacterIsCutInTwo(int rows, String directive) {
    new SqlFolder(folder)
        .write(
            "20260101_rows.sql",
            (directive.isEmpty() ? "" : "-- migrator: " + directive + "\n")
                + "CREATE TABLE t (a text);\nCOPY t FROM stdin;\n"
                + ROW.repeat(rows)
                + "\\.\n");
    Migrator migrator =
        Fixture.builder(fixture.dataSource())
            .settings(AUTO.toBuilder().lock(it -> it.hold(Duration.ofSeconds(20))).build())
            .sqlFiles("file:" + folder)
            .build();
    fixture.closing(migrator);
    migrator.prepare();
    assertThat(found()).isEqualTo(ROW.strip() + " " + rows);
  }

  /** Wherever the parts end. */
  @Test
  void thePlaceOfACharacterDoesNotMatter() {
    fixture.execute("CREATE TABLE t (a text)");
    for (int before = 0; before < 4; before++) {
      String row = "x".repeat(before) + "\uD83D\uDE00".repeat(40_000) + "\n";
      new Database(fixture.dataSource()).copyIn("COPY t FROM stdin", new StringReader(row));
    }
    assertThat(
            fixture.value(
                "SELECT count(*) FROM t WHERE replace(a, 'x', '') = repeat('\uD83D\uDE00', 40000)"))
        .isEqualTo("4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\uD83D\n", "a\uDE00\n", "a\uD83D"})
  void halfACharacterIsNoQuestionMark(String rows) {
    fixture.execute("CREATE TABLE t (a text)");
    assertThatExceptionOfType(DataAccessException.class)
        .isThrownBy(
            () ->
                new Database(fixture.dataSource())
                    .copyIn("COPY t FROM stdin", new StringReader(rows)))
        .withMessageContaining("does not exist in UTF-8");
    assertThat(fixture.value("SELECT count(*) FROM t")).isEqualTo("0");
  }
}
