package dev.migrator.autoconfigure.actuate.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Phase;
import dev.migrator.autoconfigure.Http;
import dev.migrator.autoconfigure.Http.Answer;
import dev.migrator.autoconfigure.Statuses;
import org.json.JSONException;
import org.junit.jupiter.api.Test;
import org.skyscreamer.jsonassert.JSONAssert;
import org.skyscreamer.jsonassert.JSONCompareMode;

/** The answers of the endpoint over HTTP, for given states. */
class MigratorEndpointTests extends MigratorEndpointContext {

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
}
