package dev.migrator.autoconfigure.actuate.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.autoconfigure.FakeMigrator;
import dev.migrator.autoconfigure.Http;
import dev.migrator.autoconfigure.Http.Answer;
import dev.migrator.autoconfigure.MigratorAutoConfiguration;
import dev.migrator.autoconfigure.Statuses;
import dev.migrator.plan.Estimate;
import dev.migrator.plan.LockMode;
import dev.migrator.plan.MigrationPlan;
import dev.migrator.plan.PlannedLock;
import dev.migrator.plan.PlannedMigration;
import dev.migrator.plan.PlannedPhase;
import dev.migrator.plan.PlannedStep;
import dev.migrator.plan.TableVolume;
import dev.migrator.plan.Work;
import dev.migrator.status.Hold;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.json.JSONException;
import org.junit.jupiter.api.Test;
import org.skyscreamer.jsonassert.JSONAssert;
import org.skyscreamer.jsonassert.JSONCompareMode;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

/** The answers of the endpoint over HTTP, for given states. */
class MigratorEndpointTests {

  private static final String FULL_NAME_HEAD =
      """
      "id": "full-name",
      "bean": "usersFullName",
      "table": "public.users",
      "phase": "DUAL_WRITE",
      "declares": "BACKFILL",
      "state": "RUNNING",
      "since": "2026-11-22T09:00:00Z",
      "holds": [],
      "backfill": {
        "rowsDone": 812000,
        "rowsEstimated": 3000000,
        "percent": 27.0,
        "rowsPerSecond": 5400,
        "eta": "PT6M45S",
        "startedAt": "2026-11-22T09:00:00Z",
        "rowsVerified": 0,
        "percentVerified": 12.3,
        "workers": [{"name": "pod-1 migrator-backfill-1", "chunk": 17, "rowsDone": 12000, "rowsPerSecond": 5400}],
        "throttle": "a standby is 12.0 s behind, more than 10.0 s (replication-lag)",
        "speed": 80,
        "blocksWaiting": 3,
        "badRows": 2,
        "badRowKeys": ["id=7 (SQLSTATE 22P02)", "id=9 (SQLSTATE 22P02)"]
      }
      """;

  private static final String FULL_NAME =
      """
      {
        %s,
        "steps": [
          {
            "name": "add columns",
            "phase": "EXPAND",
            "state": "DONE",
            "attempts": 2,
            "instance": "orders-7c9f/41",
            "startedAt": "2026-11-22T09:00:00Z",
            "duration": "PT0.012S",
            "blockers": [
              {
                "pid": 4711,
                "application": "reports",
                "state": "idle in transaction",
                "transactionStart": "2026-11-22T08:59:00Z"
              }
            ]
          },
          {
            "name": "copy rows",
            "phase": "BACKFILL",
            "state": "RUNNING",
            "attempts": 1,
            "instance": "orders-7c9f/41",
            "startedAt": "2026-11-22T09:00:00Z",
            "blockers": []
          },
          {
            "name": "compare rows",
            "phase": "BACKFILL",
            "state": "PENDING",
            "attempts": 0,
            "blockers": []
          }
        ]
      }
      """
          .formatted(FULL_NAME_HEAD);

  private final FakeMigrator migrator =
      new FakeMigrator().with(Statuses.backfilling(), Statuses.foreign());

  private final ApplicationContextRunner contextRunner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  MigratorAutoConfiguration.class,
                  MigratorEndpointAutoConfiguration.class,
                  EndpointAutoConfiguration.class,
                  WebEndpointAutoConfiguration.class))
          .withBean(Migrator.class, () -> migrator);

  @Test
  void showsEverything() throws JSONException {
    try (Http http = start()) {
      Answer answer = http.get("/actuator/migrator");
      assertThat(answer.status()).isEqualTo(200);
      assertJson(
          answer,
          """
          {
            "migrators": {
              "migrator": {
                "serverVersion": "18.6",
                "leader": {
                  "instance": "orders-7c9f/41",
                  "since": "2026-11-22T09:40:10Z",
                  "expiresAt": "2026-11-22T09:40:20Z"
                },
                "counts": {
                  "PENDING": 0, "RUNNING": 1, "HELD": 1, "FAILED": 0, "REACHED": 0, "COMPLETED": 0
                },
                "fleet": [
                  {
                    "name": "orders-7c9f/41",
                    "application": "orders",
                    "release": "1.4.2",
                    "startedAt": "2026-11-22T09:40:10Z",
                    "seenAt": "2026-11-22T09:40:15Z",
                    "expiresAt": "2026-11-22T09:40:45Z",
                    "declares": { "a": "BACKFILL" }
                  }
                ],
                "migrations": [
                  { %s },
                  {
                    "id": "old-flag",
                    "table": "public.orders",
                    "state": "HELD",
                    "holds": [
                      {
                        "reason": "NOT_DECLARED",
                        "code": "MIG-6001",
                        "message": "this release does not declare it",
                        "remedy": "deploy the release that does"
                      }
                    ]
                  }
                ]
              }
            }
          }
          """
              .formatted(FULL_NAME_HEAD));
    }
  }

  @Test
  void showsOneWithItsSteps() throws JSONException {
    try (Http http = start()) {
      Answer answer = http.get("/actuator/migrator/full-name");
      assertThat(answer.status()).isEqualTo(200);
      assertJson(answer, FULL_NAME);
    }
  }

  @Test
  void showsWhatIsLeftWithItsSql() throws JSONException {
    migrator.planning(plan());
    try (Http http = start()) {
      JSONAssert.assertEquals(
          """
          {
            "plan": [
              {
                "phase": "SWITCH_READ",
                "holds": [
                  {"reason": "PAUSED", "code": "MIG-6011", "message": "an operator paused it", "remedy": "RESUME"}
                ],
                "steps": [
                  {
                    "name": "build-index",
                    "sql": ["CREATE INDEX CONCURRENTLY i ON users (name)"],
                    "perRange": false,
                    "locks": [{"table": "users", "mode": "SHARE_UPDATE_EXCLUSIVE"}],
                    "otherLocks": false,
                    "work": "BUILD",
                    "table": "users",
                    "rows": 1000,
                    "bytes": 65536,
                    "estimate": "PT2S",
                    "basis": "MEASURED",
                    "explanation": "measured here on 3 steps",
                    "afterRetention": false,
                    "undo": [],
                    "withoutUndo": "nobody needs it"
                  }
                ]
              }
            ]
          }
          """,
          http.get("/actuator/migrator/full-name").body(),
          JSONCompareMode.STRICT_ORDER);
      assertThat(http.get("/actuator/migrator").body()).doesNotContain("CONCURRENTLY");
    }
  }

  private static MigrationPlan plan() {
    PlannedStep step =
        new PlannedStep(
            "build-index",
            List.of("CREATE INDEX CONCURRENTLY i ON users (name)"),
            false,
            false,
            List.of(new PlannedLock("users", LockMode.SHARE_UPDATE_EXCLUSIVE)),
            false,
            Work.BUILD,
            new TableVolume("users", 1000L, 65536),
            new Estimate(
                Duration.ofSeconds(2), Estimate.Basis.MEASURED, "measured here on 3 steps"),
            false,
            List.of(),
            "nobody needs it");
    Hold hold = new Hold(Hold.Reason.PAUSED, "an operator paused it", "RESUME");
    PlannedMigration migration =
        new PlannedMigration(
            "full-name",
            "usersFullName",
            "users",
            Phase.BACKFILL,
            Phase.SWITCH_READ,
            PlannedMigration.State.HELD,
            List.of(),
            List.of(hold),
            null,
            List.of(new PlannedPhase(Phase.SWITCH_READ, List.of(hold), List.of(step))));
    return new MigrationPlan(List.of(migration), Instant.EPOCH, "f");
  }

  @Test
  void saysWhatFailed() throws JSONException {
    migrator.with(Statuses.failed("bad", Phase.BACKFILL, Phase.EXPAND));
    try (Http http = start()) {
      assertThat(http.get("/actuator/migrator/bad").body())
          .contains("\"error\":\"canceling statement due to lock timeout\"");
    }
  }

  @Test
  void doesNotKnowEveryId() {
    try (Http http = start("management.endpoint.migrator.access=unrestricted")) {
      assertThat(http.get("/actuator/migrator/nope").status()).isEqualTo(404);
      assertThat(http.post("/actuator/migrator/nope", "{\"action\":\"pause\"}").status())
          .isEqualTo(404);
    }
  }

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
  void answersWhileTheDatabaseDoesNot() throws JSONException {
    try (Http http = start()) {
      Answer before = http.get("/actuator/migrator");
      migrator.hanging();
      Answer answer = http.get("/actuator/migrator");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).contains("\"asOf\"", "has not answered", "full-name");
      assertThat(before.body()).doesNotContain("\"asOf\"");
      assertThat(http.get("/actuator/migrator/full-name").body()).contains("full-name");
      migrator.goingOn();
    }
  }

  @Test
  void saysThatTheDatabaseCannotBeReadWithoutItsAddress() {
    try (Http http = start()) {
      http.get("/actuator/migrator");
      migrator.failing(new IllegalStateException("Connection to db.internal:5432 refused"));
      Answer answer = http.get("/actuator/migrator");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body())
          .contains("\"asOf\"", "cannot be read: IllegalStateException", "full-name")
          .doesNotContain("db.internal");
      migrator.failing(null);
    }
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

  @Test
  void isThereOnlyWhenExposed() {
    contextRunner.run(context -> assertThat(context).doesNotHaveBean(MigratorEndpoint.class));
    contextRunner
        .withPropertyValues("management.endpoints.web.exposure.include=migrator")
        .run(
            context ->
                assertThat(context)
                    .hasSingleBean(MigratorEndpoint.class)
                    .hasSingleBean(MigratorEndpointWebExtension.class));
    contextRunner
        .withPropertyValues(
            "management.endpoints.web.exposure.include=migrator",
            "management.endpoint.migrator.access=NONE")
        .run(context -> assertThat(context).doesNotHaveBean(MigratorEndpoint.class));
    contextRunner
        .withPropertyValues(
            "management.endpoints.web.exposure.include=migrator", "migrator.enabled=false")
        .run(context -> assertThat(context).hasNotFailed());
  }

  @Test
  void isThereForJmxAlone() {
    contextRunner
        .withPropertyValues(
            "spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=migrator")
        .run(
            context ->
                assertThat(context)
                    .hasSingleBean(MigratorEndpoint.class)
                    .doesNotHaveBean(MigratorEndpointWebExtension.class));
  }

  private Http start(String... properties) {
    ApplicationContextInitializer<ConfigurableApplicationContext> fake =
        context ->
            ((GenericApplicationContext) context)
                .registerBean("migrator", Migrator.class, () -> migrator);
    return new Http(
        new SpringApplicationBuilder(Application.class)
            .initializers(fake)
            .properties("server.port=0", "management.endpoints.web.exposure.include=migrator")
            .properties(properties)
            .run());
  }

  private static void assertJson(Answer answer, String expected) throws JSONException {
    JSONAssert.assertEquals(expected, answer.body(), JSONCompareMode.STRICT);
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
  static class Application {}
}
