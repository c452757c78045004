package dev.migrator.autoconfigure.actuate.endpoint;

import dev.migrator.Migrator;
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
import org.json.JSONException;
import org.skyscreamer.jsonassert.JSONAssert;
import org.skyscreamer.jsonassert.JSONCompareMode;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

/** An application with the endpoint. */
abstract class MigratorEndpointContext {

  static final String FULL_NAME_HEAD =
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

  static final String FULL_NAME =
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

  final FakeMigrator migrator = new FakeMigrator().with(Statuses.backfilling(), Statuses.foreign());

  final ApplicationContextRunner contextRunner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  MigratorAutoConfiguration.class,
                  MigratorEndpointAutoConfiguration.class,
                  EndpointAutoConfiguration.class,
                  WebEndpointAutoConfiguration.class))
          .withBean(Migrator.class, () -> migrator);

  static MigrationPlan plan() {
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

  Http start(String... properties) {
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

  static void assertJson(Answer answer, String expected) throws JSONException {
    JSONAssert.assertEquals(expected, answer.body(), JSONCompareMode.STRICT);
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
  static class Application {}
}
