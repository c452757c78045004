package dev.migrator.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.error.InvalidMigrationException;
import dev.migrator.operation.SqlFile;
import dev.migrator.operation.SqlFile.Statement;
import dev.migrator.operation.SqlText;
import dev.migrator.settings.Adopt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file that is not kept in memory means the same as one that is. */
class LargeFileTests {

  private static final String NAME = "20260115_load.sql";

  private static SourceFile source(String text) {
    return new SourceFile(NAME, text.getBytes(StandardCharsets.UTF_8));
  }

  private static LargeFile.Summary summary(String text) {
    return new LargeFile(source(text), it -> it, false).summary().orElseThrow();
  }

  /** More than one window, and more than fits into a small file. */
  private static String large(String line) {
    return line.repeat(SourceFile.LARGE / line.length() + 1);
  }

  private static SqlFiles.Parsed read(String text) {
    return SqlFiles.read(List.of(source(text)), Map.of("schema", "shop"), Adopt.NONE);
  }

  private static SqlFile file(String text) {
    SqlFiles.Parsed parsed = read(text);
    assertThat(parsed.problems()).isEmpty();
    return parsed.migrations().get(0).file();
  }

  private static String problem(String text) {
    return String.join("\n", read(text).problems());
  }

  private static List<Statement> statements(SqlText text) {
    List<Statement> found = new ArrayList<>();
    text.read(
        new SqlText.Visitor() {
          @Override
          public void statement(Statement statement) {
            found.add(statement);
          }

          @Override
          public void rows(Statement copy, Reader rows) {
            try {
              StringWriter data = new StringWriter();
              rows.transferTo(data);
              found.add(new Statement(copy.line(), copy.sql(), false, data.toString()));
            } catch (IOException ex) {
              throw new UncheckedIOException(ex);
            }
          }
        });
    return found;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1",
        "SELECT  1 ;\n-- the end\n;;",
        ";SELECT 1;;SELECT 2",
        "-- migrator: long\nCOPY t FROM stdin;\n1\n 2 \n\\.\n SELECT 1 ;",
        "COPY t FROM stdin;\n\\.\nSELECT 1;",
        "COPY t FROM stdin;\n1\n\\.\nCOPY u FROM stdin;\r\n2\r\n\\.\r\n",
        "\uFEFFSELECT 'ä';\r\nSELECT $$;$$"
      })
  void itHasTheSumAndTheStatementsOfASmallOne(String text) {
    SqlFile small = file(text);
    LargeFile.Summary large = summary(text);
    assertThat(large.checksum()).isEqualTo(small.checksum());
    assertThat(statements(large.text())).isEqualTo(small.statements());
    assertThat(large.directives().longWork()).isEqualTo(small.longWork());
    assertThat(large.flywayChecksum()).isEqualTo(read(text).migrations().get(0).flywayChecksum());
  }

  @Test
  void oneOfManyPiecesHasThemAsWell() {
    String text = large("INSERT INTO t VALUES (1, 'a;b', $$ c $$); -- what\n");
    SqlFile file = file(text);
    assertThat(file.statements()).isEmpty();
    assertThat(file.checksum()).isEqualTo(FileStatements.checksum(text));
    assertThat(statements(file.text())).isEqualTo(FileStatements.of(NAME, text, true, false));
  }

  /** The same directives, or the same that is wrong with them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "-- migrator: long\n;\nSELECT 1",
        ";;\n-- migrator: contract\nSELECT 1",
        "-- migrator: contract\r\n\r\n;;SELECT 1;",
        "-- migrator: contract\n;\n-- migrator: long\nSELECT 1",
        "SELECT 1;\n-- migrator: contract",
        "SELECT 1;\n;\n-- migrator: contract\n",
        "SELECT 1; -- migrator: contract\nSELECT 2",
        "SELECT 1 -- migrator: contract\n; SELECT 2",
        "SELECT\n-- migrator: contract\n1",
        "-- a comment\r  --migrator:long\rSELECT 1",
        "/* a comment */\n-- migrator: long\nSELECT 1",
        "-\n-- migrator: long\n",
        "-- migrator: unknown\nSELECT 1",
        "\u2003\n-- migrator: after 20260101_a\n-- migrator: allow table-removed \"x\" until 2026-12-31\nSELECT 1",
        "COPY t FROM stdin;\n-- migrator: long\n\\.\n",
        "COPY t FROM stdin;\n1\n\\.\n-- migrator: long"
      })
  void itSaysOfItselfWhatASmallOneSays(String text) {
    assertThat(said(() -> summary(text).directives()))
        .isEqualTo(said(() -> Directives.of(NAME, text)));
  }

  private static String said(Supplier<Directives> directives) {
    try {
      return directives.get().toString();
    } catch (FileProblem ex) {
      return String.valueOf(ex.getMessage());
    }
  }

  @Test
  void placeholdersAreFilledButNotInRows() {
    String text =
        "CREATE TABLE ${schema}.t (a text);\nCOPY ${schema}.t FROM stdin;\n${schema}\n"
            + large("some text that is a row\n")
            + "\\.\nSELECT '${schema}'";
    List<Statement> statements = statements(file(text).text());
    assertThat(statements)
        .extracting(Statement::sql)
        .containsExactly("CREATE TABLE shop.t (a text)", "COPY shop.t FROM stdin", "SELECT 'shop'");
    assertThat(statements.get(1).data()).startsWith("${schema}\nsome text");
    assertThat(problem("SELECT 1;\n\nSELECT\n ${nobody};\n" + large("SELECT 1;\n")))
        .contains("line 4", "${nobody} is not defined");
  }

  @Test
  void whatIsWrongIsNamedWithItsLine() {
    String before = large("SELECT 1;\n");
    int line = (int) before.lines().count() + 1;
    assertThat(problem(before + "SELECT 'x"))
        .contains("line " + line + ": the string does not end");
    assertThat(problem(before + "COMMIT;")).contains("line " + line, "COMMIT");
    assertThat(problem(before + "\\connect other\n;SELECT 1"))
        .contains("line " + line, "\\connect");
    assertThat(problem(before + "-- migrator: long\nSELECT 1"))
        .contains("line " + line, "only before the first statement");
    assertThat(problem(before + "COPY t FROM stdin")).contains("line " + line, "has no rows");
    assertThat(problem("-- only a comment\n".repeat(SourceFile.LARGE / 15)))
        .contains("it has no statement");
  }

  @Test
  void whatIsNotUtf8IsNamed() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(large("SELECT 1;\n").getBytes(StandardCharsets.UTF_8));
    bytes.writeBytes("SELECT 'ä'".getBytes(StandardCharsets.ISO_8859_1));
    SqlFiles.Parsed parsed =
        SqlFiles.read(List.of(new SourceFile(NAME, bytes.toByteArray())), Map.of(), Adopt.NONE);
    assertThat(parsed.problems()).singleElement().asString().contains("line ", "is not UTF-8");
  }

  /** All of it is needed then, up to a limit. */
  @Test
  void whatCannotRunInOneTransactionIsReadAsAWhole() {
    String text = large("SELECT 1;\n") + "CREATE INDEX CONCURRENTLY i ON t (a)";
    SqlFile file = file(text);
    assertThat(file.text()).isNull();
    assertThat(file.inTransaction()).isFalse();
    assertThat(file.statements()).hasSizeGreaterThan(1000);
    assertThat(problem(text + "\n".repeat(17 << 20))).contains("more than 16 MB");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 2",
        "CREATE INDEX CONCURRENTLY i ON t (a)",
        "SELECT 'x",
        "-- migrator: long\nSELECT 2",
        "COPY t FROM stdin;\n1\n"
      })
  void oneThatChangesAfterTheStartDoesNotRun(String more) {
    String[] text = {large("SELECT 1;\n")};
    SourceFile changing =
        SourceFile.large(
            NAME,
            text[0].length(),
            () -> new java.io.ByteArrayInputStream(text[0].getBytes(StandardCharsets.UTF_8)));
    SqlFile file =
        SqlFiles.read(List.of(changing), Map.of(), Adopt.NONE).migrations().get(0).file();
    text[0] = text[0] + more;
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> statements(file.text()))
        .withMessageContaining("MIG-1019: " + NAME + ": it was changed after the start");
  }

  @Test
  void whatMayHurtIsFoundBetweenRowsByTheMillion() {
    String rows = large("INSERT INTO t VALUES (1);\n");
    SqlFile found =
        file(
            "-- migrator: long\nDROP VIEW v CASCADE;\nCOPY t FROM stdin;\nDROP TABLE x CASCADE;\n\\.\n"
                + rows
                + "ALTER TABLE t ADD CONSTRAINT c CHECK (n > 0) NOT VALID;\nALTER TABLE t VALIDATE CONSTRAINT c;\n");

    assertThat(found.text()).isNotNull();
    assertThat(FileFindings.of(found))
        .satisfiesExactly(
            it -> assertThat(it).startsWith(NAME + ", line 2: CASCADE drops"),
            it -> assertThat(it).contains("NOT VALID and VALIDATE in one transaction"));
  }
}
