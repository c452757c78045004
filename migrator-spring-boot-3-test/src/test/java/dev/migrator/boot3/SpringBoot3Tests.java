package dev.migrator.boot3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** What a team sees that adds the starter to an application on Spring Boot 3. */
class SpringBoot3Tests {

  @Test
  void theStartSaysThatItIsNotSupported(@TempDir Path folder)
      throws IOException, InterruptedException {
    assertThat(SpringBootVersion.getVersion()).startsWith("3.");
    Path log = folder.resolve("application.log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Application.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).as(() -> "it ends: " + log).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(Files.readAllLines(log))
        .containsSubsequence(
            "APPLICATION FAILED TO START",
            "Description:",
            "migrator needs Spring Boot 4.0 or newer, and this application runs on "
                + SpringBootVersion.getVersion()
                + ".",
            "Action:",
            "Upgrade Spring Boot, or remove migrator-spring-boot-starter.")
        .as("no stack")
        .noneMatch(it -> it.startsWith("\tat ") || it.contains("NoClassDefFoundError"));
  }

  /** An application that knows nothing of migrator but its dependency. */
  @SpringBootApplication
  static class Application {

    public static void main(String[] arguments) {
      SpringApplication.run(Application.class, arguments);
    }
  }
}
