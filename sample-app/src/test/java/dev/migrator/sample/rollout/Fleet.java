package dev.migrator.sample.rollout;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The running instances, and how one takes the place of another. */
final class Fleet implements AutoCloseable {

  /** Release 3 waits for the backfill while it starts. */
  private static final Duration READY_LIMIT = Duration.ofMinutes(4);

  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(20);

  private final Map<String, String> environment;

  private final Path logs;

  private final Rotation rotation;

  private final Progress progress;

  private final HttpClient http;

  private final List<AppInstance> running = new ArrayList<>();

  private int started;

  private boolean closed;

  Fleet(
      Map<String, String> environment,
      Path logs,
      Rotation rotation,
      Progress progress,
      HttpClient http) {
    this.environment = environment;
    this.logs = logs;
    this.rotation = rotation;
    this.progress = progress;
    this.http = http;
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "fleet-end"));
  }

  /** Starts an instance and sends it requests as soon as it is ready. */
  void start(int release) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    AppInstance instance = launch(release);
    instance.awaitReady(http, READY_LIMIT);
    rotation.add(instance);
    Duration taken = Duration.ofNanos(System.nanoTime() - begin);
    progress.say("%s serves after %.1f s".formatted(instance, taken.toMillis() / 1000.0));
  }

  /** The instance in rotation that is replaced next. */
  AppInstance oldest() {
    return rotation.serving().get(0);
  }

  /** Stops the oldest instance, without losing a request. */
  void retireOldest() throws InterruptedException {
    AppInstance oldest = oldest();
    rotation.remove(oldest, DRAIN_LIMIT);
    stop(oldest);
  }

  /** Takes the oldest instance out of rotation and freezes it. */
  AppInstance freezeOldest() throws IOException, InterruptedException {
    AppInstance oldest = oldest();
    rotation.remove(oldest, DRAIN_LIMIT);
    oldest.freeze();
    progress.say(oldest + " is frozen");
    return oldest;
  }

  /** Kills the oldest instance during its requests, and only then takes it out of rotation. */
  AppInstance killOldest() throws InterruptedException {
    AppInstance oldest = oldest();
    oldest.kill();
    rotation.remove(oldest, DRAIN_LIMIT);
    oldest.awaitEnd(DRAIN_LIMIT);
    forget(oldest);
    progress.say(oldest + " was killed");
    return oldest;
  }

  /** Stops an instance that is out of rotation. */
  void stop(AppInstance instance) throws InterruptedException {
    instance.stop();
    forget(instance);
    progress.say(instance + " has ended");
  }

  /** Starts an instance, without sending it requests. */
  synchronized AppInstance launch(int release) throws IOException {
    if (closed) {
      throw new DeployException("the deploy was ended");
    }
    started++;
    Path log = logs.resolve("instance-%d-release-%d.log".formatted(started, release));
    AppInstance instance = AppInstance.start(release, log, environment);
    running.add(instance);
    return instance;
  }

  private synchronized void forget(AppInstance instance) {
    running.remove(instance);
  }

  /** Kills all that still runs. */
  @Override
  public synchronized void close() {
    closed = true;
    running.forEach(AppInstance::kill);
    running.clear();
  }
}
