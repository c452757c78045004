package dev.migrator.test.rehearsal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A browser without a window, where one is installed. */
final class Browser {

  private static final long LIMIT_MINUTES = 3;

  private Browser() {}

  private static Optional<String> program() {
    return Stream.of("chromium", "chromium-browser", "google-chrome")
        .map(it -> Path.of("/usr/bin", it))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }

  static boolean isThere() {
    return program().isPresent();
  }

  /** What it has made of a page. */
  static String dom(Path file) throws IOException, InterruptedException {
    Path profile = Files.createTempDirectory("migrator-browser");
    Path out = profile.resolve("dom.html");
    Process process =
        new ProcessBuilder(
                List.of(
                    program().orElseThrow(),
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-dev-shm-usage",
                    "--user-data-dir=" + profile,
                    "--dump-dom",
                    file.toUri().toString()))
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
        throw new IOException("the browser did not end, and had written " + Files.readString(out));
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    if (process.exitValue() != 0) {
      throw new IOException("the browser ended with " + process.exitValue());
    }
    return Files.readString(out, StandardCharsets.UTF_8);
  }
}
