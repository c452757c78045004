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
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                database.jdbcUrl(),
                database.username(),
                database.password()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }
}
