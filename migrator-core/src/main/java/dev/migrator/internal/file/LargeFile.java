package dev.migrator.internal.file;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
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
import org.jspecify.annotations.Nullable;

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
      Directives directives = pass.lines.end();
      String checksum = pass.statements.checksum(FileStatements.BYTES);
      return directives.inTransaction()
          ? Optional.of(
              new Summary(directives, checksum, pass.bytes.value(), it -> read(it, checksum)))
          : Optional.empty();
    } catch (NotInOneTransaction ex) {
      return Optional.empty();
    } catch (IOException ex) {
      throw new FileProblem(file.path(), "it cannot be read: " + ex.getMessage());
    }
  }

  private void read(SqlText.Visitor visitor, String checksum) {
    try {
      Pass pass = pass(visitor);
      if (!pass.statements.checksum(FileStatements.BYTES).equals(checksum)) {
        throw changed("", null);
      }
    } catch (NotInOneTransaction ex) {
      throw changed(", and has what cannot run in one transaction", ex);
    } catch (FileProblem ex) {
      // At the start it had none.
      throw changed(", and in line %d: %s".formatted(ex.line(), ex.problem()), ex);
    } catch (IOException ex) {
      throw new InvalidMigrationException(
          ErrorCode.FILE_INVALID,
          file.path() + ": it cannot be read any longer: " + ex.getMessage(),
          ex);
    }
  }

  private InvalidMigrationException changed(String how, @Nullable Throwable cause) {
    return new InvalidMigrationException(
        ErrorCode.FILE_CHANGED,
        "%s: it was changed after the start; start again%s".formatted(file.path(), how),
        cause);
  }

  private Pass pass(SqlText.Visitor visitor) throws IOException {
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

    private final DirectiveLines lines = new DirectiveLines(file.path());

    private boolean begun;

    Pass(InputStream in) {
      this.bytes = new FlywayChecksum.Counting(in);
      this.statements =
          new StatementReader(new Heard(new InputStreamReader(bytes, decoder()), lines), foreign);
    }

    void run(SqlText.Visitor visitor) throws IOException {
      try {
        for (Raw raw = statements.next(); raw != null; raw = statements.next()) {
          begun = true;
          run(raw, visitor);
        }
      } catch (MalformedSqlException ex) {
        throw malformed(ex, statements.lineOf(ex.at()));
      }
      if (!begun && !foreign) {
        throw new FileProblem(file.path(), "it has no statement");
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
        try {
          visitor.rows(statement, rows);
        } catch (UncheckedIOException ex) {
          throw ex.getCause();
        }
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

  /** Tells of the directives in what is read, wherever they stand. */
  private static final class Heard extends Reader {

    private final Reader text;

    private final DirectiveLines lines;

    Heard(Reader text, DirectiveLines lines) {
      this.text = text;
      this.lines = lines;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
      int count = text.read(buffer, offset, length);
      lines.add(buffer, offset, offset + Math.max(0, count));
      return count;
    }

    @Override
    public void close() throws IOException {
      text.close();
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
