package dev.migrator.sample.rollout;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sends requests to the users service, measures each, and records failures. */
final class UsersApi {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpClient http;

  private final Meter meter;

  private final Faults faults;

  private final AtomicInteger cutOff = new AtomicInteger();

  UsersApi(HttpClient http, Meter meter, Faults faults) {
    this.http = http;
    this.meter = meter;
    this.faults = faults;
  }

  @Nullable JsonNode find(AppInstance instance, long user) {
    return send(instance, "GET", "/users/" + user, null);
  }

  @Nullable JsonNode add(AppInstance instance, String name, String email) {
    return send(instance, "POST", "/users", Map.of("name", name, "email", email));
  }

  @Nullable JsonNode rename(AppInstance instance, long user, String name) {
    return send(instance, "PUT", "/users/" + user, Map.of("name", name));
  }

  @Nullable JsonNode changeEmail(AppInstance instance, long user, String email) {
    return send(instance, "PUT", "/users/" + user + "/email", Map.of("email", email));
  }

  /** How many requests met an instance that was killed; their outcome is unknown. */
  int cutOff() {
    return cutOff.get();
  }

  /** Returns the user, or null if the request failed. */
  private @Nullable JsonNode send(
      AppInstance instance, String method, String path, @Nullable Map<String, String> body) {
    BodyPublisher publisher =
        (body == null)
            ? BodyPublishers.noBody()
            : BodyPublishers.ofString(JSON.writeValueAsString(body));
    HttpRequest request =
        HttpRequest.newBuilder(instance.uri(path))
            .timeout(LIMIT)
            .header("Content-Type", "application/json")
            .method(method, publisher)
            .build();
    long begin = System.nanoTime();
    String failure;
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() / 100 == 2) {
        return JSON.readTree(response.body());
      }
      failure = response.statusCode() + " " + response.body();
    } catch (IOException ex) {
      if (instance.isKilled()) {
        cutOff.incrementAndGet();
        return null;
      }
      failure = ex.toString();
    } catch (JacksonException ex) {
      failure = ex.toString();
    } catch (InterruptedException ex) {
      Thread.currentThread().interrupt();
      failure = ex.toString();
    } finally {
      meter.record(begin, System.nanoTime());
    }
    faults.add(Faults.Kind.FAILURE, "%s %s at %s: %s".formatted(method, path, instance, failure));
    return null;
  }
}
