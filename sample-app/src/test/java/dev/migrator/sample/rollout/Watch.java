package dev.migrator.sample.rollout;

import dev.migrator.Phase;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** Follows the change by the actuator endpoint of the newest instance. */
final class Watch implements AutoCloseable {

  static final String CHANGE = "2026-11-22-users-full-name";

  private static final String PATH = "/actuator/migrator/" + CHANGE;

  private final Rotation rotation;

  private final HttpClient http;

  private final ScheduledExecutorService poller =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "watch");
            thread.setDaemon(true);
            return thread;
          });

  private final Map<String, Instant> reached = new LinkedHashMap<>();

  private JsonNode last = MissingNode.getInstance();

  Watch(Rotation rotation, HttpClient http) {
    this.rotation = rotation;
    this.http = http;
  }

  void start() {
    poller.scheduleWithFixedDelay(this::poll, 0, 200, TimeUnit.MILLISECONDS);
  }

  private void poll() {
    AppInstance instance = rotation.newest();
    if (instance == null) {
      return;
    }
    try {
      HttpRequest request =
          HttpRequest.newBuilder(instance.uri(PATH)).timeout(Duration.ofSeconds(5)).build();
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() == 200) {
        seen(JsonMapper.shared().readTree(response.body()));
      }
    } catch (IOException | JacksonException ex) {
      // The instance stops or is busy; the next poll asks the next one.
    } catch (InterruptedException ex) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void seen(JsonNode status) {
    last = status;
    String phase = phase();
    if (!phase.isEmpty()) {
      reached.computeIfAbsent(phase, key -> sinceOf(status));
    }
    notifyAll();
  }

  private static Instant sinceOf(JsonNode status) {
    return status.path("since").asStringOpt().map(Instant::parse).orElseGet(Instant::now);
  }

  /** The phase reached; empty before the first. */
  synchronized String phase() {
    return last.path("phase").asString("");
  }

  synchronized String state() {
    return last.path("state").asString("");
  }

  synchronized boolean hasReached(Phase phase) {
    return !phase().isEmpty() && Phase.valueOf(phase()).includes(phase);
  }

  /** Whether what the endpoint reports of a migration is that it waits for an instance. */
  static boolean isHeldFor(JsonNode status, AppInstance instance) {
    for (JsonNode hold : status.path("holds")) {
      if (hold.path("reason").asString("").equals("OLD_INSTANCES")
          && hold.path("message").asString("").contains("/" + instance.pid() + ",")) {
        return true;
      }
    }
    return false;
  }

  /** Waits until the contract is held for an instance, which serves. */
  void awaitHeldFor(AppInstance instance, Duration limit) throws InterruptedException {
    await(
        "the contract to be held for " + instance,
        limit,
        status -> {
          if (status.hasReached(Phase.CONTRACT)) {
            throw new DeployException("the contract did not wait for " + instance);
          }
          return isHeldFor(status.last, instance);
        });
  }

  /** Waits until the contract is held for others only. */
  void awaitNotHeldFor(AppInstance instance, Duration limit) throws InterruptedException {
    await(
        "the contract not to be held for " + instance,
        limit,
        status -> !isHeldFor(status.last, instance));
  }

  /** How far the backfill is; a missing node before it began. */
  synchronized JsonNode backfill() {
    return last.path("backfill");
  }

  synchronized JsonNode last() {
    return last;
  }

  /** When each phase was reached, in that order. */
  synchronized Map<String, Instant> reached() {
    return new LinkedHashMap<>(reached);
  }

  /** Waits until the endpoint reports it. */
  synchronized void await(String what, Duration limit, Predicate<Watch> condition)
      throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.test(this)) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0 || state().equals("FAILED")) {
        throw new DeployException(
            "waited for %s, but the change is %s at %s: %s"
                .formatted(what, state(), phase(), last.path("holds")));
      }
      wait(left);
    }
  }

  /** Sends an operator's command to the endpoint. */
  void command(String action) throws IOException, InterruptedException {
    AppInstance instance = rotation.serving().get(0);
    HttpRequest request =
        HttpRequest.newBuilder(instance.uri(PATH))
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"action\":\"" + action + "\"}"))
            .build();
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw new DeployException(
          "the command %s was answered %d %s"
              .formatted(action, response.statusCode(), response.body()));
    }
  }

  @Override
  public void close() {
    poller.shutdownNow();
  }
}
