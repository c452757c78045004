package dev.migrator.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.internal.sql.StatementReader.Raw;
import dev.migrator.internal.sql.Statements.Placed;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A text that comes in pieces has the same statements as one that is there at once. */
class StatementReaderTests {

  private static final String TEXT =
      """
      -- a comment; with a semicolon
      CREATE TABLE "a;b" (c text DEFAULT 'x;''y', d int);
      ;;
      /* one; /* in another; */ */
      CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END;
      DO $body$ BEGIN PERFORM 1; END $body$;
      COPY t (a, b) FROM stdin;
      1\tone;
      2\t'two
      \\N\t$$
      \\.
      INSERT INTO t VALUES (E'\\';', U&'d', B'1', $1);
      COPY u FROM stdin;
      \\.
      SELECT 'the last
      of all'
      """;

  private static List<String> inPieces(String text, int least) throws IOException {
    List<String> found = new ArrayList<>();
    StatementReader reader = new StatementReader(new StringReader(text), false, least);
    for (Raw raw = reader.next(); raw != null; raw = reader.next()) {
      Placed placed = Statements.place(raw.sql()).get(0);
      found.add(raw.line() + ": " + raw.sql());
      if (placed.copiesIn()) {
        StringWriter rows = new StringWriter();
        reader.rows().transferTo(rows);
        found.add(rows.toString());
      }
    }
    return found;
  }

  private static List<String> atOnce(String text) {
    List<String> found = new ArrayList<>();
    for (Placed placed : Statements.place(text)) {
      long line = text.substring(0, placed.start()).chars().filter(it -> it == '\n').count() + 1;
      found.add(line + ": " + placed.sql());
      if (placed.data() != null) {
        found.add(placed.data());
      }
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7, 16, 64, 100, 1000, 100_000})
  void theStatementsAreTheSame(int least) throws IOException {
    assertThat(atOnce(TEXT)).hasSize(9);
    assertThat(inPieces(TEXT, least)).isEqualTo(atOnce(TEXT));
    assertThat(inPieces(TEXT.replace("\n", "\r\n"), least))
        .isEqualTo(atOnce(TEXT.replace("\n", "\r\n")));
  }

  @Test
  void whatDoesNotEndIsNamedWithItsLine() {
    StatementReader reader =
        new StatementReader(new StringReader("SELECT 1;\nSELECT\n 'x"), false, 1);
    assertThatExceptionOfType(MalformedSqlException.class)
        .isThrownBy(
            () -> {
              while (reader.next() != null) {
                // To the end.
              }
            })
        .satisfies(it -> assertThat(reader.lineOf(it.at())).isEqualTo(3));
  }

  @Test
  void rowsThatDoNotEndAreRefused() throws IOException {
    StatementReader reader =
        new StatementReader(new StringReader("COPY t FROM stdin;\n1\n2\n"), false, 4);
    reader.next();
    assertThatExceptionOfType(MalformedSqlException.class)
        .isThrownBy(() -> reader.rows().transferTo(new StringWriter()))
        .withMessageContaining("do not end");
    StatementReader other =
        new StatementReader(new StringReader("COPY t FROM stdin; SELECT 1"), false, 4);
    other.next();
    assertThatExceptionOfType(MalformedSqlException.class)
        .isThrownBy(other::rows)
        .withMessageContaining("in the line behind it");
  }
}
