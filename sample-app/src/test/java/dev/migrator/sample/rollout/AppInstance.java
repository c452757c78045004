package dev.migrator.sample.rollout;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** One JVM that runs one release. */
final class AppInstance {

  /** What the JVM returns when SIGTERM ended it and its shutdown hooks ran. */
  private static final int TERMINATED = 128 + 15;

  /** More than the 20 s in which the application finishes its requests. */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(40);

  /** How long an instance that is killed or frozen still counts as live. */
  static final Duration LEASE_TIME = Duration.ofSeconds(5);

  private final int release;

  private final int port;

  private final Path log;

  private final Process process;

  private volatile boolean killed;

  private AppInstance(int release, int port, Path log, Process process) {
    this.release = release;
    this.port = port;
    this.log = log;
    this.process = process;
  }

  static AppInstance start(int release, Path log, Map<String, String> environment)
      throws IOException {
    int port = freePort();
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx192m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-classpath",
            classPath(),
            "dev.migrator.sample.SampleApplication",
            "--sample.release=" + release,
            "--server.port=" + port,
            // Presumed dead soon, so that the run sees it.
            "--migrator.fleet.lease-time=" + LEASE_TIME.toSeconds() + "s",
            "--migrator.fleet.guard-data-source=true",
            // Drops the old column as soon as it is retired, so that the run sees it.
            "--migrator.contract.retention=0s",
            // Small ranges make the backfill last longer, so that more traffic meets it.
            "--migrator.backfill.range-target=5ms");
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    return new AppInstance(release, port, log, builder.start());
  }

  /** Without what only this program needs, such as its logging. */
  private static String classPath() {
    List<String> all = List.of(System.getProperty("java.class.path").split(File.pathSeparator));
    return all.stream()
        .filter(entry -> !Path.of(entry).endsWith("test-classes"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  int release() {
    return release;
  }

  URI uri(String path) {
    return URI.create("http://localhost:" + port + path);
  }

  void awaitReady(HttpClient http, Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!isReady(http)) {
      if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
        throw new DeployException(this + " ended while it started, see " + log);
      }
      if (System.nanoTime() > deadline) {
        throw new DeployException(this + " is not ready after " + limit + ", see " + log);
      }
    }
  }

  boolean isReady(HttpClient http) throws InterruptedException {
    return readiness(http) == 200;
  }

  /** The status by which the instance says whether it may get requests. */
  int readiness(HttpClient http) throws InterruptedException {
    return ask(http, "/actuator/health/readiness");
  }

  /** The status of an answer; 0 if there is none. */
  int ask(HttpClient http, String path) throws InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(5)).build();
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode();
    } catch (IOException ex) {
      return 0; // The port is not open yet.
    }
  }

  /** Asks the JVM to end, as an orchestrator does, and waits until it has. */
  void stop() throws InterruptedException {
    if (!process.isAlive()) {
      throw new DeployException(this + " ended by itself, see " + log);
    }
    process.destroy();
    if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      kill();
      throw new DeployException(this + " did not stop within " + STOP_LIMIT + ", see " + log);
    }
    if (process.exitValue() != TERMINATED) {
      throw new DeployException(
          this + " ended with exit code " + process.exitValue() + ", see " + log);
    }
  }

  /** Ends the JVM by SIGKILL, as the loss of its host does: it can deregister nowhere. */
  void kill() {
    killed = true;
    process.destroyForcibly();
  }

  /** Whether requests to it may meet a closed connection. */
  boolean isKilled() {
    return killed;
  }

  /** Stops all threads of the JVM, as a host does that moves or swaps it. */
  void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  void wake() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    String pid = Long.toString(process.pid());
    int exit =
        new ProcessBuilder("kill", "-" + name, pid)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.DISCARD)
            .start()
            .waitFor();
    if (exit != 0) {
      throw new DeployException("SIG" + name + " could not be sent to " + this);
    }
  }

  long pid() {
    return process.pid();
  }

  /** The exit code, if it ends within the limit. */
  OptionalInt awaitEnd(Duration limit) throws InterruptedException {
    return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)
        ? OptionalInt.of(process.exitValue())
        : OptionalInt.empty();
  }

  /** All that it has logged. */
  String log() throws IOException {
    return Files.readString(log);
  }

  @Override
  public String toString() {
    return "release " + release + " on port " + port;
  }
}
