package dev.migrator.internal.engine;

import dev.migrator.test.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs {@link FaultChild} in a JVM of its own. */
final class FaultProcess {

  private FaultProcess() {}

  /** Lets a process come to a point and kills it there with SIGKILL. */
  static boolean killedAt(
      TestDatabase database, FaultChange change, FaultLife life, FaultPoint point) {
    return !reachedGoal(database, change, life, point);
  }

  private static boolean reachedGoal(
      TestDatabase database, FaultChange change, FaultLife life, FaultPoint point) {
    ProcessBuilder child =
        ChildJvm.of(
            FaultChild.class,
            database,
            change.name(),
            life.name(),
            point.label(),
            String.valueOf(point.ordinal()),
            point.moment().name());
    List<String> output = new ArrayList<>();
    try {
      Process process = child.redirectErrorStream(true).start();
      try (BufferedReader lines = process.inputReader()) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          output.add(line);
          if (line.equals(FaultChild.AT_THE_POINT)) {
            process.destroyForcibly();
            return false;
          }
          if (line.equals(FaultChild.AT_THE_GOAL)) {
            return true;
          }
        }
      } finally {
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      }
    } catch (IOException ex) {
      throw new UncheckedIOException(ex);
    } catch (InterruptedException ex) {
      Thread.currentThread().interrupt();
    }
    throw new AssertionError("the process failed:\n" + String.join("\n", output));
  }
}
