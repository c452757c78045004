package dev.migrator.cli.task;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Makes a SQL file, and the one that undoes it.
 *
 * @param folder where; it is made if it is not there
 * @param name what it does, such as {@code add_avatar_url}
 * @param repeatable whether it runs again when its content changes, which is never undone
 * @param clock tells the version, in UTC so that those of all people have one order
 */
public record NewFile(Path folder, String name, boolean repeatable, Clock clock) {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*");

  private static final DateTimeFormatter VERSION = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");

  /**
   * Makes the files.
   *
   * @return their paths
   * @throws TaskException if the name is none, or a file cannot be made
   */
  public List<Path> create() {
    String words = name.strip().replaceAll("\\s+", "_");
    if (!NAME.matcher(words).matches()) {
      throw new TaskException(
          "\"%s\" is no name of a file; say what it does in letters, digits, _ and -, such as add_avatar_url"
              .formatted(name));
    }
    try {
      Files.createDirectories(folder);
      List<Path> made = new ArrayList<>();
      if (repeatable) {
        made.add(
            write(
                "R__%s.sql".formatted(words),
                "-- Runs again whenever this file changes, such as CREATE OR REPLACE VIEW …\n"));
        return made;
      }
      String version = freeVersion();
      made.add(
          write(
              "%s_%s.sql".formatted(version, words),
              "-- What changes, such as ALTER TABLE users ADD avatar_url text;\n"));
      made.add(
          write(
              "%s_%s.down.sql".formatted(version, words),
              "-- What undoes it, such as ALTER TABLE users DROP avatar_url;\n"));
      return made;
    } catch (IOException ex) {
      throw new TaskException("%s: %s".formatted(folder, ex));
    }
  }

  private Path write(String file, String text) throws IOException {
    Path path = folder.resolve(file);
    if (Files.exists(path)) {
      throw new TaskException("%s is there already".formatted(path));
    }
    return Files.writeString(path, text, StandardOpenOption.CREATE_NEW);
  }

  /** Two files that are made within one second need an order as well. */
  private String freeVersion() throws IOException {
    List<String> taken;
    try (Stream<Path> files = Files.walk(folder)) {
      taken = files.map(it -> String.valueOf(it.getFileName())).toList();
    }
    LocalDateTime time = LocalDateTime.now(clock);
    while (true) {
      String version = VERSION.format(time);
      if (taken.stream().noneMatch(it -> it.startsWith(version))) {
        return version;
      }
      time = time.plusSeconds(1);
    }
  }
}
