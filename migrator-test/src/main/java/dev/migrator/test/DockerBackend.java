package dev.migrator.test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** A server in a Docker container, which Testcontainers removes when the JVM ends. */
final class DockerBackend implements TestServer.Backend {

  private final PostgreSQLContainer container;

  private DockerBackend(PostgreSQLContainer container) {
    this.container = container;
  }

  static DockerBackend start(Map<String, String> settings) {
    String image = "postgres:" + System.getProperty("migrator.test.postgres.version", "18");
    List<String> command = new ArrayList<>(List.of("postgres"));
    settings.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
    PostgreSQLContainer container =
        new PostgreSQLContainer(image)
            .withUsername(TestServer.USER)
            .withPassword(TestServer.PASSWORD)
            .withDatabaseName("postgres")
            .withEnv("POSTGRES_INITDB_ARGS", "--locale=C --encoding=UTF-8");
    container.setCommand(command.toArray(String[]::new));
    container.start();
    return new DockerBackend(container);
  }

  @Override
  public String kind() {
    return "docker";
  }

  @Override
  public String host() {
    return container.getHost();
  }

  @Override
  public int port() {
    return container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT);
  }

  @Override
  public void stop() {
    container.stop();
  }
}
