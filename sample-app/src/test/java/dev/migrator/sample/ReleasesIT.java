package dev.migrator.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrator.error.NotReadyException;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.MediaType;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The releases one after the other, each with the data that the ones before wrote. */
class ReleasesIT {

  private static final String CHANGE = "/actuator/migrator/2026-11-22-users-full-name";

  private static final String DROPPING_FILE =
      "/actuator/migrator/20261125090000_user_note_drop_topic";

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final TestDatabase database = TestPostgres.newDatabase();

  private final Deque<ConfigurableApplicationContext> running = new ArrayDeque<>();

  @AfterEach
  void drop() {
    while (!running.isEmpty()) {
      stopOldest();
    }
    database.drop();
  }

  @Test
  void eachReleaseReadsWhatTheOthersWrote() {
    RestClient client = release(1);
    long one = add(client, "Zoë One");

    client = release(2);
    assertThat(name(client, one)).isEqualTo("Zoë One");
    long two = add(client, "Two");
    awaitChange(client, "phase", "BACKFILL");

    client = release(3);
    assertThat(name(client, one)).isEqualTo("Zoë One");
    assertThat(name(client, two)).isEqualTo("Two");
    rename(client, one, "One by Three");
    long three = add(client, "Three");

    // A rollback of the release is still possible: the older one reads what the newer one wrote.
    client = release(2);
    assertThat(name(client, one)).isEqualTo("One by Three");
    assertThat(name(client, three)).isEqualTo("Three");
    rename(client, two, "Two by Two");

    client = release(4);
    assertThat(name(client, two)).isEqualTo("Two by Two");
    awaitChange(client, "state", "COMPLETED");
    assertThat(name(client, one)).isEqualTo("One by Three");
    rename(client, one, "One by Four");
    assertThat(name(client, one)).isEqualTo("One by Four");
    assertThat(change(client).path("phase").asString()).isEqualTo("CONTRACT");
    assertThat(change(client).path("backfill").path("differences").asLong(-1)).isZero();
  }

  /** An older release has not got the newer files, and does not need them. */
  @Test
  void theReleaseBeforeComesBackBehindFilesThatAdd() {
    RestClient client = release(1);
    long one = add(client, "One");
    client = release(2);
    assertThat(noteColumns()).contains("author");
    client = release(1);
    rename(client, one, "One by One");
    client = release(2);
    assertThat(name(client, one)).isEqualTo("One by One");
  }

  @Test
  void theWholeChangeCanBeOneDeploy() {
    RestClient client = release(1);
    long one = add(client, "One");
    client = start(4);
    assertThat(name(client, one)).isEqualTo("One");
    awaitHold(client, "OLD_INSTANCES");
    assertThat(get(client, DROPPING_FILE).at("/holds/0/reason").asString())
        .isEqualTo("OLD_INSTANCES");
    assertThat(noteColumns()).contains("topic", "author");
    stopOldest();
    awaitChange(client, "state", "COMPLETED");
    assertThat(name(client, one)).isEqualTo("One");
    await().atMost(LIMIT).until(() -> !noteColumns().contains("topic"));
    assertThat(noteColumns()).contains("author");

    assertThatThrownBy(() -> start(1))
        .rootCause()
        .isInstanceOf(NotReadyException.class)
        .hasMessageContaining("2026-11-22-users-full-name")
        .hasMessageContaining("dropColumn: [name]");
  }

  @Test
  void readsSwitchAtRuntime() {
    RestClient old = release(1);
    long one = add(old, "One");
    RestClient client = start(5);
    assertThat(name(client, one)).isEqualTo("One");
    rename(client, one, "One by Five");
    assertThat(name(old, one)).isEqualTo("One by Five");
    awaitHold(client, "OLD_INSTANCES");
    rename(old, one, "One by One");
    assertThat(name(client, one)).isEqualTo("One by One");
    stopOldest();
    awaitChange(client, "state", "COMPLETED");
    assertThat(name(client, one)).isEqualTo("One by One");
  }

  /** Each release beside the one before, and with the data that one wrote. */
  @Test
  void theApplicationMayWriteBothSides() {
    RestClient one = release(1);
    long user = add(one, "One");
    RestClient six = start(6);
    rename(six, user, "One by Six");
    assertThat(name(one, user)).isEqualTo("One by Six");
    awaitHold(six, "OLD_INSTANCES");
    rename(one, user, "One by One");
    stopOldest();
    awaitChange(six, "phase", "BACKFILL");

    RestClient seven = start(7);
    assertThat(name(seven, user)).isEqualTo("One by One");
    rename(seven, user, "One by Seven");
    assertThat(name(six, user)).isEqualTo("One by Seven");
    assertThatThrownBy(() -> start(1)).rootCause().isInstanceOf(NotReadyException.class);
    rename(six, user, "One by Six again");
    assertThat(name(seven, user)).isEqualTo("One by Six again");
    stopOldest();

    RestClient eight = start(8);
    rename(eight, user, "One by Eight");
    assertThat(name(seven, user)).isEqualTo("One by Eight");
    awaitHold(eight, "OLD_INSTANCES");
    rename(seven, user, "One by Seven again");
    stopOldest();
    awaitChange(eight, "state", "COMPLETED");
    assertThat(name(eight, user)).isEqualTo("One by Seven again");
  }

  private List<String> noteColumns() {
    return JdbcClient.create(database.dataSource())
        .sql("SELECT column_name FROM information_schema.columns WHERE table_name = 'user_note'")
        .query(String.class)
        .list();
  }

  /** Starts a release after the one before has ended. */
  private RestClient release(int number) {
    if (!running.isEmpty()) {
      stopOldest();
    }
    return start(number);
  }

  private RestClient start(int number) {
    ConfigurableApplicationContext context =
        new SpringApplicationBuilder(SampleApplication.class)
            .run(
                "--sample.release=" + number,
                "--server.port=0",
                "--spring.datasource.url=" + database.jdbcUrl(),
                "--spring.datasource.username=" + database.username(),
                "--spring.datasource.password=" + database.password(),
                "--migrator.contract.retention=0s",
                "--migrator.fleet.switch-grace=100ms");
    running.add(context);
    String port = context.getEnvironment().getRequiredProperty("local.server.port");
    JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory();
    requests.setReadTimeout(Duration.ofMinutes(3)); // Ends only what would never come.
    return RestClient.builder()
        .baseUrl("http://localhost:" + port)
        .requestFactory(requests)
        .build();
  }

  private void stopOldest() {
    running.remove().close();
  }

  private static long add(RestClient client, String name) {
    return send(client, "/users", Map.of("name", name)).path("id").asLong();
  }

  private static void rename(RestClient client, long user, String name) {
    client
        .put()
        .uri("/users/" + user)
        .contentType(MediaType.APPLICATION_JSON)
        .body(Map.of("name", name))
        .retrieve()
        .toBodilessEntity();
  }

  private static String name(RestClient client, long user) {
    return get(client, "/users/" + user).path("name").asString();
  }

  private static void awaitChange(RestClient client, String field, String value) {
    await().atMost(LIMIT).until(() -> change(client).path(field).asString("").equals(value));
  }

  private static void awaitHold(RestClient client, String reason) {
    await()
        .atMost(LIMIT)
        .until(
            () -> change(client).path("holds").path(0).path("reason").asString("").equals(reason));
  }

  private static JsonNode change(RestClient client) {
    return get(client, CHANGE);
  }

  private static JsonNode get(RestClient client, String path) {
    return json(client.get().uri(path).retrieve().body(String.class));
  }

  private static JsonNode send(RestClient client, String path, Object body) {
    return json(
        client
            .post()
            .uri(path)
            .contentType(MediaType.APPLICATION_JSON)
            .body(body)
            .retrieve()
            .body(String.class));
  }

  private static JsonNode json(@Nullable String text) {
    return JsonMapper.shared().readTree(text);
  }
}
