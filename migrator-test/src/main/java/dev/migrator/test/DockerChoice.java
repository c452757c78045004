package dev.migrator.test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;

/** Decides between Docker and the embedded server. */
final class DockerChoice {

  private static final long ANSWER_SECONDS = 10;

  private DockerChoice() {}

  static boolean useDocker() {
    String wish = System.getProperty("migrator.test.postgres");
    if (wish == null) {
      wish = System.getenv().getOrDefault("MIGRATOR_TEST_POSTGRES", "auto");
    }
    return switch (wish) {
      case "docker" -> true;
      case "embedded" -> false;
      case "auto" -> looksInstalled() && answers();
      default ->
          throw new IllegalArgumentException(
              "migrator.test.postgres must be auto, docker or embedded, not " + wish);
    };
  }

  /** Looks for traces of Docker first, which costs nothing; asking a missing one takes a while. */
  private static boolean looksInstalled() {
    if (System.getenv("DOCKER_HOST") != null) {
      return true;
    }
    if (System.getProperty("os.name").startsWith("Windows")) {
      return true; // It listens on a named pipe there.
    }
    Path home = Path.of(System.getProperty("user.home"));
    Path runtime = Path.of(System.getenv().getOrDefault("XDG_RUNTIME_DIR", "/nonexistent"));
    return Stream.of(
            Path.of("/var/run/docker.sock"),
            home.resolve(".docker/run/docker.sock"),
            home.resolve(".testcontainers.properties"),
            runtime.resolve("docker.sock"),
            runtime.resolve("podman/podman.sock"))
        .anyMatch(Files::exists);
  }

  /** Asks within a bound: a daemon that accepts but never answers would block for minutes. */
  private static boolean answers() {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    Thread thread = new Thread(() -> answer.complete(Client.available()), "docker-probe");
    thread.setDaemon(true);
    thread.start();
    try {
      return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException ex) {
      return false;
    } catch (InterruptedException ex) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Loads Testcontainers only when it is asked. */
  private static final class Client {

    static boolean available() {
      try {
        return DockerClientFactory.instance().isDockerAvailable();
      } catch (RuntimeException | LinkageError ex) {
        return false;
      }
    }
  }
}
