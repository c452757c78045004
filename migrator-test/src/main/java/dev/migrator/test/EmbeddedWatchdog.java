package dev.migrator.test;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes an embedded server when its JVM has ended.
 *
 * <p>A shell waits on a pipe that ends when the JVM does, however it does. A shutdown hook could
 * not do it: hooks run at once, and those of an application need the server to end in order.
 */
final class EmbeddedWatchdog {

  private static final String SCRIPT =
      """
      trap '' INT TERM HUP
      read -r line
      if [ -f "$1/postmaster.pid" ]; then
        pid=$(head -n 1 "$1/postmaster.pid")
        kill -QUIT "$pid"
        for i in 1 2 3 4 5 6 7 8 9 10; do
          kill -0 "$pid" || break
          sleep 0.5
        done
      fi
      rm -rf "$1"
      """;

  /** Far beyond the five seconds that the shell gives the server, and what a disk needs. */
  private static final long LIMIT_SECONDS = 120;

  private static final Logger log = LoggerFactory.getLogger(EmbeddedWatchdog.class);

  private final Path data;
  private final Process shell;

  private EmbeddedWatchdog(Path data, Process shell) {
    this.data = data;
    this.shell = shell;
  }

  /** Returns null on Windows, which has no such shell. */
  static @Nullable EmbeddedWatchdog start(Path dataDirectory) throws IOException {
    if (System.getProperty("os.name").startsWith("Windows")) {
      return null;
    }
    return new EmbeddedWatchdog(
        dataDirectory,
        new ProcessBuilder("sh", "-c", SCRIPT, "sh", dataDirectory.toString())
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD)
            .start());
  }

  /** Lets the shell do its work, and waits for it: it is little if the server was stopped. */
  void end() {
    try {
      shell.getOutputStream().close();
    } catch (IOException ex) {
      // It ended already.
    }
    try {
      if (!shell.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        shell.destroyForcibly();
        log.warn("PostgreSQL for tests: {} is not removed within {} s", data, LIMIT_SECONDS);
      }
    } catch (InterruptedException ex) {
      Thread.currentThread().interrupt();
    }
  }
}
