package dev.migrator.test;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

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

  private final Process shell;

  private EmbeddedWatchdog(Process shell) {
    this.shell = shell;
  }

  /** Returns null on Windows, which has no such shell. */
  static @Nullable EmbeddedWatchdog start(Path dataDirectory) throws IOException {
    if (System.getProperty("os.name").startsWith("Windows")) {
      return null;
    }
    return new EmbeddedWatchdog(
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
      shell.waitFor();
    } catch (InterruptedException ex) {
      Thread.currentThread().interrupt();
    }
  }
}
