package dev.migrator.cli.task;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The comparison of what an application maps with what its migrations make, in a process of its own
 * with the class path of the application's tests: it starts the application.
 *
 * @param classPath folders and jars
 * @param directory where it runs, to which paths in the arguments are relative
 * @param arguments of the comparison
 */
public record DiffTask(List<Path> classPath, Path directory, List<String> arguments) {

  private static final String MAIN = "dev.migrator.diff.DiffMain";

  /** Copies the lists. */
  public DiffTask {
    classPath = List.copyOf(classPath);
    arguments = List.copyOf(arguments);
  }

  /**
   * Compares.
   *
   * @param out takes the answer, line by line; what the application logs goes where this process
   *     has its errors
   * @return 0 if nothing is missing, 1 if something is, 2 if something has to be answered, 3 if it
   *     could not compare
   * @throws TaskException if the class path does not have it
   */
  public int run(Consumer<String> out) {
    if (classPath.stream().noneMatch(DiffTask::hasIt)) {
      throw new TaskException(
          "the class path of the tests has no %s: add dev.migrator:migrator-diff with scope test"
              .formatted(MAIN));
    }
    Path options = null;
    try {
      options = Files.createTempFile("migrator-diff", ".args");
      Files.writeString(options, "-cp\n" + quoted(joined()) + "\n");
      Process process =
          new ProcessBuilder(command(options))
              .directory(directory.toAbsolutePath().toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      process.getOutputStream().close();
      return ended(process, out);
    } catch (IOException ex) {
      throw new TaskException("the comparison cannot be started: " + ex);
    } finally {
      delete(options);
    }
  }

  private static int ended(Process process, Consumer<String> out) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      lines.lines().forEach(out);
      return process.waitFor();
    } catch (InterruptedException ex) {
      Thread.currentThread().interrupt();
      throw new TaskException("interrupted");
    } finally {
      process.destroy();
    }
  }

  private List<String> command(Path options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dstdout.encoding=UTF-8",
                "-XX:TieredStopAtLevel=1", // It ends before the best code would pay.
                "@" + options,
                MAIN));
    command.addAll(arguments);
    return command;
  }

  private String joined() {
    return classPath.stream()
        .map(it -> it.toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** As a file of options takes it. */
  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static boolean hasIt(Path entry) {
    String file = MAIN.replace('.', '/') + ".class";
    if (Files.isDirectory(entry)) {
      return Files.exists(entry.resolve(file));
    }
    if (!Files.isRegularFile(entry)) {
      return false;
    }
    try (JarFile jar = new JarFile(entry.toFile())) {
      return jar.getEntry(file) != null;
    } catch (IOException ex) {
      return false; // no jar: the JVM will say so, if it matters
    }
  }

  private static void delete(@Nullable Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException ex) {
      file.toFile().deleteOnExit();
    }
  }
}
