package dev.migrator.autoconfigure.actuate.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.autoconfigure.FakeMigrator;
import dev.migrator.autoconfigure.Http;
import dev.migrator.autoconfigure.Http.Answer;
import dev.migrator.autoconfigure.Statuses;
import java.util.Map;
import org.json.JSONException;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.SecurityContext;

/** Commands that are given by the endpoint. */
class MigratorEndpointCommandsTests extends MigratorEndpointContext {

  @Test
  void executesNoCommandWithoutAccess() {
    try (Http http = start()) {
      Answer answer = http.post("/actuator/migrator/full-name", "{\"action\":\"pause\"}");
      assertThat(answer.status()).isEqualTo(405);
      assertThat(answer.body()).contains("management.endpoint.migrator.access=unrestricted");
    }
    try (Http http = start("management.endpoints.access.max-permitted=read-only")) {
      assertThat(http.post("/actuator/migrator/full-name", "{\"action\":\"pause\"}").status())
          .isEqualTo(405);
    }
    assertThat(migrator.calls).doesNotContain("PAUSE full-name");
  }

  @Test
  void executesCommands() throws JSONException {
    try (Http http = start("management.endpoint.migrator.access=unrestricted")) {
      for (String command : new String[] {"contract", "pause", "resume", "RETRY"}) {
        Answer answer =
            http.post("/actuator/migrator/full-name", "{\"action\":\"%s\"}".formatted(command));
        assertThat(answer.status()).isEqualTo(202);
        assertJson(answer, FULL_NAME);
      }
    }
    assertThat(migrator.calls)
        .contains("CONTRACT full-name", "PAUSE full-name", "RESUME full-name", "RETRY full-name");
  }

  @Test
  void undoesOnePhase() throws JSONException {
    try (Http http = start("management.endpoint.migrator.access=unrestricted")) {
      Answer answer =
          http.post("/actuator/migrator/full-name", "{\"action\":\"undo\",\"phase\":\"BACKFILL\"}");
      assertThat(answer.status()).isEqualTo(202);
      assertJson(answer, FULL_NAME);
    }
    assertThat(migrator.calls).contains("UNDO BACKFILL full-name");
  }

  @Test
  void setsTheSpeedOfABackfill() throws JSONException {
    try (Http http = start("management.endpoint.migrator.access=unrestricted")) {
      Answer answer = http.post("/actuator/migrator/full-name", "{\"speed\":30}");
      assertThat(answer.status()).isEqualTo(202);
      assertJson(answer, FULL_NAME);
      for (String body :
          new String[] {
            "{\"speed\":0}", "{\"speed\":101}", "{\"speed\":50,\"action\":\"pause\"}"
          }) {
        assertThat(http.post("/actuator/migrator/full-name", body).status()).isEqualTo(400);
      }
    }
    assertThat(migrator.calls).containsOnlyOnce("SPEED 30 full-name");
  }

  @Test
  void saysWhyACommandIsRefused() throws JSONException {
    try (Http http = start("management.endpoint.migrator.access=unrestricted")) {
      Answer answer = http.post("/actuator/migrator/full-name", "{\"action\":\"undo\"}");
      assertThat(answer.status()).isEqualTo(409);
      assertJson(
          answer,
          "{\"code\": \"MIG-5003\", \"reason\": \"MIG-5003: nothing of \\\"full-name\\\" is to be undone\"}");
    }
  }

  @Test
  void knowsOnlyItsCommands() {
    try (Http http = start("management.endpoint.migrator.access=unrestricted")) {
      for (String body :
          new String[] {
            "{\"action\":\"drop\"}",
            "{}",
            "{\"action\":null}",
            "{\"action\":\"speed\"}",
            "[",
            "{\"action\":\"undo\",\"phase\":\"nosuch\"}",
            "{\"action\":\"pause\",\"phase\":\"BACKFILL\"}"
          }) {
        assertThat(http.post("/actuator/migrator/full-name", body).status()).isEqualTo(400);
      }
    }
    assertThat(migrator.calls).noneMatch(it -> it.contains("UNDO") || it.contains("PAUSE"));
  }

  @Test
  void saysWhatIsWrongWithARequest() {
    try (Http http = start("management.endpoint.migrator.access=unrestricted")) {
      Answer answer = http.post("/actuator/migrator/full-name", "{\"action\":\"drop\"}");
      assertThat(answer.body()).contains("action is none of", "PAUSE", "UNDO");
      answer = http.post("/actuator/migrator/full-name", "{}");
      assertThat(answer.body()).contains("either an action or a speed");
      answer = http.post("/actuator/migrator/full-name", "{\"speed\":\"fast\"}");
      assertThat(answer.body()).contains("between 1 and 100");
    }
  }

  @Test
  void namesWhoGaveACommand() {
    Map<String, Migrator> one = Map.of("migrator", migrator);
    MigratorEndpoint endpoint = new MigratorEndpoint(one, Access.UNRESTRICTED);
    SecurityContext alice = mock();
    given(alice.getPrincipal()).willReturn(() -> "alice");
    endpoint.execute("full-name", OperatorCommand.Kind.PAUSE, null, null, alice);
    assertThat(migrator.commands).containsExactly(OperatorCommand.PAUSE.by("alice"));
  }

  @Test
  void refusesACommandForAnAmbiguousId() {
    FakeMigrator other = new FakeMigrator().with(Statuses.backfilling());
    contextRunner
        .withBean("other", Migrator.class, () -> other)
        .withPropertyValues(
            "management.endpoints.web.exposure.include=migrator",
            "management.endpoint.migrator.access=UNRESTRICTED")
        .run(
            context -> {
              MigratorEndpoint endpoint = context.getBean(MigratorEndpoint.class);
              assertThat(endpoint.migrations().migrators()).hasSize(2);
              assertThat(
                      endpoint.execute(
                          "old-flag", OperatorCommand.Kind.PAUSE, null, null, SecurityContext.NONE))
                  .isNotNull();
              assertThatThrownBy(
                      () ->
                          endpoint.execute(
                              "full-name",
                              OperatorCommand.Kind.PAUSE,
                              null,
                              null,
                              SecurityContext.NONE))
                  .hasMessageStartingWith("MIG-5009: ")
                  .hasMessageContaining("give each migration an id of its own");
            });
    assertThat(migrator.calls).contains("PAUSE old-flag").doesNotContain("PAUSE full-name");
  }
}
