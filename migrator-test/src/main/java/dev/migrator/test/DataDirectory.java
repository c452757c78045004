package dev.migrator.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where an embedded server keeps its data: in memory if the machine has room, as making and
 * dropping a database costs a disk some hundred files each time, else among the temporary files.
 */
final class DataDirectory {

  private static final long ROOM = 4L << 30;

  private DataDirectory() {}

  static Path create() throws IOException {
    Path parent =
        parent(System.getProperty("migrator.test.postgres.data"), Path.of("/dev/shm"), ROOM);
    return (parent != null)
        ? Files.createTempDirectory(parent, "migrator-test-")
        : Files.createTempDirectory("migrator-test-");
  }

  /** Returns null for the directory of temporary files. */
  static @Nullable Path parent(@Nullable String chosen, Path memory, long room) throws IOException {
    if (chosen != null) {
      return Path.of(chosen);
    }
    boolean fits =
        Files.isDirectory(memory)
            && Files.isWritable(memory)
            && Files.getFileStore(memory).getUsableSpace() >= room;
    return fits ? memory : null;
  }
}
