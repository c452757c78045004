package dev.migrator.internal.file;

import dev.migrator.internal.sql.MalformedSqlException;
import dev.migrator.internal.sql.StatementReader;
import dev.migrator.internal.sql.StatementReader.Raw;
import dev.migrator.internal.sql.Statements;
import dev.migrator.internal.sql.Statements.Placed;
import dev.migrator.operation.SqlFile.Statement;
import dev.migrator.operation.SqlText;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A file of which no more than one statement is in memory, and of the rows of a {@code COPY} one
 * line. It is read through once at the start, for its sum and for what is wrong with it, and once
 * more where it runs.
 */
final class LargeFile {

  private static final SqlText.Visitor NOTHING = new Passing();

  private final SourceFile file;

  private final UnaryOperator<String> filled;

  private final boolean foreign;

  /**
   * Makes it.
   *
   * @param filled puts the values of placeholders into a statement
   * @param foreign whether it was written for another tool
   */
  LargeFile(SourceFile file, UnaryOperator<String> filled, boolean foreign) {
    this.file = file;
    this.filled = filled;
    this.foreign = foreign;
  }

  /**
   * What there is to say of it.
   *
   * @param directives what it says of itself
   * @param checksum of what it means: the same as that of a small file
   * @param flywayChecksum the sum that Flyway would keep of it
   * @param text its statements
   */
  record Summary(Directives directives, String checksum, int flywayChecksum, SqlText text) {}

  /**
   * Reads it through.
   *
   * @return empty if it has what cannot run in one transaction
   * @throws FileProblem if something is wrong with it
   */
  Optional<Summary> summary() {
    try {
      Pass pass = pass(NOTHING);
      String checksum = pass.statements.checksum(FileStatements.BYTES);
      return pass.directives.inTransaction()
          ? Optional.of(
              new Summary(pass.directives, checksum, pass.bytes.value(), it -> read(it, checksum)))
          : Optional.empty();
    } catch (NotInOneTransaction ex) {
      return Optional.empty();
    }
  }

  private void read(SqlText.Visitor visitor, String checksum) {
    try {
      Pass pass = pass(visitor);
      if (!pass.statements.checksum(FileStatements.BYTES).equals(checksum)) {
        throw new IllegalStateException(
            file.path() + ": it was changed after the start; start again");
      }
    } catch (FileProblem ex) {
      throw new IllegalStateException(ex.getMessage(), ex);
    }
  }

  private Pass pass(SqlText.Visitor visitor) {
    try (InputStream in = withoutMark(file.open())) {
      Pass pass = new Pass(in);
      try {
        pass.run(visitor);
      } catch (CharacterCodingException ex) {
        throw new FileProblem(
            file.path(),
            pass.statements.line(),
            "something behind this line is not UTF-8; save the file as UTF-8");
      }
      return pass;
    } catch (IOException | UncheckedIOException ex) {
      throw new FileProblem(file.path(), "it cannot be read: " + ex.getMessage());
    }
  }

  private static InputStream withoutMark(InputStream in) throws IOException {
    PushbackInputStream bytes = new PushbackInputStream(new BufferedInputStream(in), 3);
    byte[] first = bytes.readNBytes(3);
    boolean mark =
        first.length == 3
            && first[0] == (byte) 0xEF
            && first[1] == (byte) 0xBB
            && first[2] == (byte) 0xBF;
    if (!mark) {
      bytes.unread(first);
    }
    return bytes;
  }

  private static CharsetDecoder decoder() {
    return StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  /** One reading of it. */
  private final class Pass {

    private final FlywayChecksum.Counting bytes;

    private final StatementReader statements;

    private Directives directives = Directives.of(file.path(), "");

    private boolean begun;

    Pass(InputStream in) {
      this.bytes = new FlywayChecksum.Counting(in);
      this.statements = new StatementReader(new InputStreamReader(bytes, decoder()), foreign);
    }

    void run(SqlText.Visitor visitor) throws IOException {
      try {
        for (Raw raw = statements.next(); raw != null; raw = statements.next()) {
          header(raw);
          run(raw, visitor);
        }
      } catch (MalformedSqlException ex) {
        throw malformed(ex, statements.lineOf(ex.at()));
      }
      if (!begun && !foreign) {
        throw new FileProblem(file.path(), "it has no statement");
      }
    }

    private void header(Raw raw) {
      if (!begun) {
        directives = Directives.of(file.path(), raw.before());
        begun = true;
      } else if (Directives.isIn(raw.before())) {
        throw Directives.misplaced(file.path(), raw.line());
      }
    }

    private void run(Raw raw, SqlText.Visitor visitor) throws IOException {
      for (Placed placed : placed(raw)) {
        if (placed.outside()) {
          throw new NotInOneTransaction();
        }
        String sql = FileStatements.checked(file.path(), raw.line(), placed, true, foreign);
        if (sql == null) {
          continue;
        }
        Statement statement = new Statement(raw.line(), sql, false);
        if (!placed.copiesIn()) {
          visitor.statement(statement);
          continue;
        }
        if (!raw.ended()) {
          throw FileStatements.withoutRows(file.path(), raw.line());
        }
        Reader rows = statements.rows();
        visitor.rows(statement, rows);
        rows.transferTo(Writer.nullWriter());
      }
    }

    private List<Placed> placed(Raw raw) {
      if (raw.placed() != null) {
        return List.of(raw.placed());
      }
      try {
        return Statements.place(filled.apply(raw.sql()), foreign);
      } catch (FileProblem ex) {
        throw new FileProblem(file.path(), raw.line() + ex.line() - 1, ex.problem());
      } catch (MalformedSqlException ex) {
        throw malformed(ex, raw.line());
      }
    }

    /** A number of a character means nothing in so long a text. */
    private FileProblem malformed(MalformedSqlException ex, int line) {
      return new FileProblem(
          file.path(),
          line,
          String.valueOf(ex.getMessage()).replaceAll("( that begins)? at character \\d+", ""));
    }
  }

  /** Passes over everything. */
  private static final class Passing implements SqlText.Visitor {

    @Override
    public void statement(Statement statement) {
      // It was looked at.
    }

    @Override
    public void rows(Statement copy, Reader rows) {
      // Passed over behind this.
    }
  }

  /** It has to be split, which needs all of it. */
  private static final class NotInOneTransaction extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotInOneTransaction() {
      super("not in one transaction", null, false, false);
    }
  }
}
