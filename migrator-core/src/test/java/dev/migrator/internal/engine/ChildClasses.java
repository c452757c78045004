package dev.migrator.internal.engine;

import dev.migrator.internal.engine.FaultDataSource.Moment;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The classes of a child. Those of the libraries are in an archive, made once for all JVMs of a
 * build: a child then takes two thirds of the processor's time. Where there is none, as another JVM
 * may not know of it, children load their classes as ever.
 */
final class ChildClasses {

  private static final Path FOLDER = Path.of("target");

  /** What others build meanwhile cannot be archived, and comes behind what is. */
  private static final List<String> LIBRARIES =
      entries()
          .filter(it -> it.endsWith(".jar") && !it.contains(File.separator + "target"))
          .toList();

  private static final List<String> OPTIONS = archive();

  private ChildClasses() {}

  /** Options of the JVM, the class path among them. */
  static List<String> options() {
    return OPTIONS;
  }

  private static List<String> archive() {
    Path archive =
        FOLDER.resolve(
            "child-%08x.jsa".formatted((LIBRARIES + Runtime.version().toString()).hashCode()));
    try (FileChannel turns =
            FileChannel.open(
                FOLDER.resolve("child.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var turn = turns.lock()) {
      if (!Files.exists(archive)) {
        make(archive);
      }
    } catch (IOException ex) {
      throw new UncheckedIOException(ex);
    }
    List<String> options = new ArrayList<>();
    if (Files.exists(archive)) {
      options.add("-XX:SharedArchiveFile=" + archive.toAbsolutePath());
    }
    options.addAll(classPath());
    return options;
  }

  private static void make(Path archive) throws IOException {
    Path classes = Files.createTempFile(FOLDER, "child", ".classes");
    Path made = FOLDER.resolve(classes.getFileName() + ".jsa");
    try (TestDatabase database = TestPostgres.newDatabase()) {
      JdbcClient jdbc = JdbcClient.create(database.dataSource());
      FaultChange.RENAME.table(10).forEach(it -> jdbc.sql(it).update());
      List<String> whole = new ArrayList<>(List.of("-XX:DumpLoadedClassList=" + classes));
      whole.addAll(classPath());
      whole.addAll(
          List.of(
              FaultChild.class.getName(),
              database.jdbcUrl(),
              database.username(),
              database.password(),
              FaultChange.RENAME.name(),
              FaultLife.TO_CONTRACT.name(),
              FaultPoint.NONE.label(),
              String.valueOf(FaultPoint.NONE.ordinal()),
              Moment.AFTER.name()));
      run(whole);
      run(
          List.of(
              "-Xshare:dump",
              "-XX:SharedClassListFile=" + classes,
              "-XX:SharedArchiveFile=" + made,
              "-cp",
              String.join(File.pathSeparator, LIBRARIES)));
      if (Files.exists(made)) {
        Files.move(made, archive, StandardCopyOption.ATOMIC_MOVE);
      }
    } finally {
      Files.delete(classes);
    }
  }

  private static void run(List<String> options) throws IOException {
    List<String> command = new ArrayList<>(ChildJvm.java());
    command.addAll(options);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.DISCARD)
            .start();
    try {
      process.waitFor(3, TimeUnit.MINUTES);
    } catch (InterruptedException ex) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }

  /** An archive serves a class path that begins with its own. */
  private static List<String> classPath() {
    Stream<String> others = entries().filter(it -> !LIBRARIES.contains(it));
    return List.of(
        "-cp", String.join(File.pathSeparator, Stream.concat(LIBRARIES.stream(), others).toList()));
  }

  private static Stream<String> entries() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator));
  }
}
