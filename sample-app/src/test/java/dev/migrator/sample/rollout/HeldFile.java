package dev.migrator.sample.rollout;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The SQL file that drops a column: it waits until no instance of a release without it is left. */
final class HeldFile {

  private static final String ID = "20261125090000_user_note_drop_topic";

  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final Rotation rotation;

  private final HttpClient http;

  private final Progress progress;

  HeldFile(Rotation rotation, HttpClient http, Progress progress) {
    this.rotation = rotation;
    this.http = http;
    this.progress = progress;
  }

  /** Waits until it is held for an instance, which serves. */
  void awaitHeldFor(AppInstance instance) throws IOException, InterruptedException {
    await("to be held for " + instance, status -> isHeldFor(status, instance));
    progress.say(ID + ".sql, which drops a column, waits for " + instance);
  }

  void awaitRun() throws IOException, InterruptedException {
    await("to run", status -> status.path("state").asString("").equals("COMPLETED"));
    progress.say(ID + ".sql has run");
  }

  private static boolean isHeldFor(JsonNode status, AppInstance instance) {
    if (status.path("state").asString("").equals("COMPLETED")) {
      throw new DeployException(ID + ".sql did not wait for " + instance);
    }
    return Watch.isHeldFor(status, instance);
  }

  private void await(String what, Predicate<JsonNode> condition)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    JsonNode status = status();
    while (!condition.test(status)) {
      if (System.nanoTime() > deadline) {
        throw new DeployException("waited for %s.sql %s, but it is %s".formatted(ID, what, status));
      }
      new CountDownLatch(1).await(200, TimeUnit.MILLISECONDS);
      status = status();
    }
  }

  private JsonNode status() throws IOException, InterruptedException {
    AppInstance newest = rotation.newest();
    if (newest == null) {
      throw new DeployException("no instance serves");
    }
    HttpRequest request =
        HttpRequest.newBuilder(newest.uri("/actuator/migrator/" + ID))
            .timeout(Duration.ofSeconds(10))
            .build();
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    return JsonMapper.shared().readTree(response.body());
  }
}
