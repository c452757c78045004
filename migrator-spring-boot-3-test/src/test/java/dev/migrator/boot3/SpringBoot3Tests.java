package dev.migrator.boot3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** What a team sees that adds the starter to an application on Spring Boot 3. */
class SpringBoot3Tests {

  @Test
  void theStartSaysThatItIsNotSupported() throws IOException, InterruptedException {
    assertThat(SpringBootVersion.getVersion()).startsWith("3.");
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
            .start();
    List<String> lines;
    try (var reader = process.inputReader()) {
      lines = reader.lines().toList();
    }
    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(lines)
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
