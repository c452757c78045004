package dev.migrator.benchmarks;

import dev.migrator.test.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Starts {@link ColdStart} in a JVM of its own. */
final class Jvm {

  private Jvm() {}

  static Process start(String what, TestDatabase database, String folder) {
    try {
      return new ProcessBuilder(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-classpath",
                  System.getProperty("java.class.path"),
                  ColdStart.class.getName(),
                  what,
                  database.jdbcUrl(),
                  database.username(),
                  database.password(),
                  folder))
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException ex) {
      throw new UncheckedIOException(ex);
    }
  }

  /** How many milliseconds the start took, by its own clock. */
  static double millis(String what, TestDatabase database, String folder) {
    Process process = start(what, database, folder);
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String last = lines.lines().reduce("", (before, line) -> line);
      return Double.parseDouble(last);
    } catch (IOException ex) {
      throw new UncheckedIOException(ex);
    } finally {
      process.destroyForcibly();
    }
  }
}
