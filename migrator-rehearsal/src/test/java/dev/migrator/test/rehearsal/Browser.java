package dev.migrator.test.rehearsal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A browser without a window, where one is installed. */
final class Browser {

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
    int code = process.waitFor();
    if (code != 0) {
      throw new IOException("the browser ended with " + code);
    }
    return Files.readString(out, StandardCharsets.UTF_8);
  }
}
