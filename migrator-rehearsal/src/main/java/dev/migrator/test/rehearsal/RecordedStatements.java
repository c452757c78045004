package dev.migrator.test.rehearsal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.sql.DataSource;

/**
 * The statements of a release: recorded from its tests by {@link StatementRecorder}, or taken from
 * the statistics of a live server.
 *
 * <pre>{@code
 * assertThat(rehearsal.of("2026-11-22-users-full-name"))
 *     .staysUsableBy(RecordedStatements.of(Path.of("src/test/statements/shop.txt")));
 * }</pre>
 *
 * @param statements each of them once, in the order of their text
 * @param leftOut what could not be taken, and why
 */
public record RecordedStatements(List<RecordedStatement> statements, List<String> leftOut) {

  /** Copies the lists. */
  public RecordedStatements {
    statements = statements.stream().sorted().toList();
    leftOut = List.copyOf(leftOut);
  }

  /**
   * Reads a file.
   *
   * @param file one that {@link StatementRecorder} or {@link #write} has written
   * @return its statements
   * @throws RehearsalException if it is not there, or another one
   */
  public static RecordedStatements of(Path file) {
    try {
      return new RecordedStatements(
          StatementsFile.read(Files.readString(file), file.toString()), List.of());
    } catch (IOException ex) {
      throw new RehearsalException(
          "the statements %s cannot be read: %s. Have the tests of the release record them by StatementRecorder.to(…), or write those of a live server by RecordedStatements.ofServer(…).write(…)"
              .formatted(file, ex),
          ex);
    }
  }

  /**
   * Takes those that {@code pg_stat_statements} has of the database that it is connected to. The
   * server has put a parameter in the place of each value, so none is read. Every statement is
   * prepared on the server, which says the types of its parameters and reads no row; what it
   * refuses is left out with what it says: commands that are no statements of rows, texts that were
   * cut off, and those that cannot be written with parameters, such as {@code interval '1 day'}.
   *
   * @param live of production or staging. A role with {@code pg_read_all_stats} sees the statements
   *     of all; another one its own only
   * @return those that were run by others than this library
   * @throws RehearsalException if the extension is not there, or may not be read
   */
  public static RecordedStatements ofServer(DataSource live) {
    return StatStatements.read(live);
  }

  /**
   * Writes them.
   *
   * @param file made with its folder; what it has is replaced
   * @throws UncheckedIOException if that is not possible
   */
  public void write(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, StatementsFile.text(statements));
    } catch (IOException ex) {
      throw new UncheckedIOException("the statements cannot be written to " + file, ex);
    }
  }
}
