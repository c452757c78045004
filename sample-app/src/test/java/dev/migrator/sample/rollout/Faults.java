package dev.migrator.sample.rollout;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;

/** Everything that must not happen: counted, and written to a file with its circumstances. */
final class Faults implements AutoCloseable {

  private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);

  private final Path file;

  private final PrintWriter writer;

  Faults(Path file) {
    this.file = file;
    try {
      this.writer = new PrintWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8));
    } catch (IOException ex) {
      throw new UncheckedIOException(ex);
    }
  }

  synchronized void add(Kind kind, String circumstances) {
    counts.merge(kind, 1, Integer::sum);
    writer.printf(
        "%s %s %s%n", LocalTime.now().truncatedTo(ChronoUnit.MILLIS), kind, circumstances);
    writer.flush();
  }

  synchronized int count(Kind kind) {
    return counts.getOrDefault(kind, 0);
  }

  synchronized boolean isEmpty() {
    return counts.isEmpty();
  }

  Path file() {
    return file;
  }

  @Override
  public synchronized void close() {
    writer.close();
  }

  /** What can go wrong. */
  enum Kind {

    /** A request got no answer in time, or one that is not 2xx. */
    FAILURE,

    /** A read did not return the last acknowledged value. */
    STALE,

    /** At the end a value in the database is not the last acknowledged one. */
    LOST,

    /** The change did not go as it should. */
    CHANGE
  }
}
