package dev.migrator.cli.task;

import dev.migrator.internal.engine.FinishedHistory;
import dev.migrator.internal.file.FileMigration;
import dev.migrator.internal.file.FilePlace;
import dev.migrator.internal.file.SourceFile;
import dev.migrator.internal.file.SqlFiles;
import dev.migrator.operation.SqlFile.Contained;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * Makes one SQL file of the schema as a database has it, which a new database runs in the place of
 * all that has run there. The database is only read.
 *
 * @param target the database, where all is finished
 * @param set the files of the project; the new one goes into the first folder
 * @param name what the file is called behind its version
 * @param clock tells the version, in UTC
 */
public record Squash(Target target, FileSet set, String name, Clock clock) {

  private static final DateTimeFormatter VERSION = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");

  /**
   * What was made.
   *
   * @param file the new file
   * @param contains the ids of the migrations that it contains
   * @param superfluous the paths of the files that may be deleted with the release that has the new
   *     one
   */
  public record Made(Path file, List<String> contains, List<String> superfluous) {

    public Made {
      contains = List.copyOf(contains);
      superfluous = List.copyOf(superfluous);
    }
  }

  /**
   * By PostgreSQL's own program.
   *
   * @throws TaskException if something is not finished, or there is no dump
   */
  public Made by(PgDump dump) {
    DataSource dataSource = target.connected();
    List<Contained> before = finished(dataSource);
    String sql = dump.run(target);
    if (!finished(dataSource).equals(before)) {
      throw new TaskException("the database has changed meanwhile; try it again");
    }
    return write(before, sql);
  }

  /**
   * From what that program has written elsewhere.
   *
   * @param dump a file, which must have been written after the last change
   * @throws TaskException if something is not finished, or the file cannot be read
   */
  public Made from(Path dump) {
    List<Contained> contains = finished(target.connected());
    try {
      return write(contains, Files.readString(dump));
    } catch (IOException ex) {
      throw new TaskException("%s cannot be read: %s".formatted(dump, ex));
    }
  }

  private static List<Contained> finished(DataSource dataSource) {
    List<Contained> finished =
        TaskException.translated(() -> new FinishedHistory(dataSource).read());
    if (finished.isEmpty()) {
      throw new TaskException("nothing has run on this database");
    }
    return finished;
  }

  private Made write(List<Contained> contains, String dump) {
    StringBuilder text = new StringBuilder();
    contains.forEach(
        it -> text.append("-- migrator: contains %s %s%n".formatted(it.id(), it.phase())));
    text.append(
        "\n-- The schema as those have made it, which a new database gets by this file.\n\n");
    text.append(DumpText.statements(dump));
    Path folder = set.folders().get(0);
    String file = "%s_%s.sql".formatted(version(contains), name);
    requireReadable(file, text.toString());
    List<String> superfluous = superfluous(contains);
    try {
      Files.createDirectories(folder);
      Path made =
          Files.writeString(folder.resolve(file), text.toString(), StandardOpenOption.CREATE_NEW);
      return new Made(made, contains.stream().map(Contained::id).toList(), superfluous);
    } catch (IOException ex) {
      throw new TaskException("%s cannot be written: %s".formatted(folder.resolve(file), ex));
    }
  }

  /** Such as a text that looks like a placeholder, or a name that is none. */
  private void requireReadable(String file, String text) {
    SqlFiles.Parsed parsed =
        SqlFiles.read(
            List.of(new SourceFile(file, text.getBytes(StandardCharsets.UTF_8))),
            set.placeholders(),
            set.adopt());
    if (!parsed.problems().isEmpty()) {
      throw new TaskException(
          "the schema cannot be written as a SQL file: " + String.join("\n", parsed.problems()));
    }
  }

  /** Repeatable ones stay: they run again when they change. */
  private List<String> superfluous(List<Contained> contains) {
    Set<String> ids = contains.stream().map(Contained::id).collect(Collectors.toSet());
    List<Path> there = set.folders().stream().filter(Files::isDirectory).toList();
    return new FileSet(there, set.placeholders(), set.adopt())
        .parse().migrations().stream()
            .filter(it -> ids.contains(it.id()) && !it.file().repeatable())
            .map(FileMigration::file)
            .map(it -> it.path())
            .toList();
  }

  /** Now, or behind the last one that it contains. */
  private String version(List<Contained> contains) {
    LocalDateTime now = LocalDateTime.now(clock);
    List<FilePlace> places = new ArrayList<>();
    contains.forEach(it -> FilePlace.of(it.id()).filter(FilePlace::dated).ifPresent(places::add));
    BigInteger last =
        places.stream()
            .map(it -> it.numbers().get(0))
            .max(Comparator.naturalOrder())
            .orElse(BigInteger.ZERO);
    BigInteger version = new BigInteger(VERSION.format(now));
    return version.compareTo(last) > 0
        ? version.toString()
        : VERSION.format(LocalDateTime.parse(last.toString(), VERSION).plusSeconds(1));
  }
}
