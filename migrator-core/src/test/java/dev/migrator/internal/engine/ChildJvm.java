package dev.migrator.internal.engine;

import dev.migrator.test.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own for the main method of a test, on a database. */
final class ChildJvm {

  private ChildJvm() {}

  /**
   * Not started yet.
   *
   * @param main gets URL, user and password of the database before the other arguments
   */
  static ProcessBuilder of(Class<?> main, TestDatabase database, String... arguments) {
    List<String> command = new ArrayList<>(java());
    command.addAll(ChildClasses.options());
    command.addAll(
        List.of(main.getName(), database.jdbcUrl(), database.username(), database.password()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  /** The program, and how it works for a short life. */
  static List<String> java() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx64m",
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC");
  }
}
