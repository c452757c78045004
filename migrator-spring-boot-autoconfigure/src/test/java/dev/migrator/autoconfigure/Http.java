package dev.migrator.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.springframework.context.ConfigurableApplicationContext;

/** Talks to a running application, and ends it. */
public final class Http implements AutoCloseable {

  /** Ends only what would never come. */
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final ConfigurableApplicationContext application;

  private final HttpClient client = HttpClient.newHttpClient();

  public Http(ConfigurableApplicationContext application) {
    this.application = application;
  }

  public ConfigurableApplicationContext application() {
    return application;
  }

  public Answer get(String path) {
    return send(request(path).GET());
  }

  public Answer post(String path, String json) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  /** Posts to the port on which the endpoints are. */
  public Answer onManagementPort(String path, String json) {
    return send(
        request(path, application.getEnvironment().getProperty("local.management.port"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  @Override
  public void close() {
    application.close();
  }

  private HttpRequest.Builder request(String path) {
    return request(path, application.getEnvironment().getProperty("local.server.port"));
  }

  private static HttpRequest.Builder request(String path, String port) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).timeout(LIMIT);
  }

  private Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (IOException ex) {
      throw new UncheckedIOException(ex);
    } catch (InterruptedException ex) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(ex);
    }
  }

  /** What the application answered. */
  public record Answer(int status, String body) {}
}
